// The errors of the database service.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';
import { markOutage } from '../../remote/outages';
import { reasonOf } from '../../remote/reasonOf';

/** The package of a database driver is not installed, or can't be loaded. */
export class DatabaseDriverMissingError extends GreenroomError {
  constructor({ pluginId, client, cause }: { pluginId: string; client: string; cause: unknown }) {
    super({
      code: 'GR_DATABASE_DRIVER_MISSING',
      message: `The database of plugin '${pluginId}' needs the package '${client}', which can't be loaded`,
      hint: `Install it (npm install ${client}; npm rebuild ${client} where its native part is missing or of another Node), or choose another client in backend.database.client.`,
      cause,
    });
  }
}

/** The installed release of a database driver would crash the process instead of throwing. */
export class DatabaseDriverUnsuitedError extends GreenroomError {
  constructor({ subject, what, hint }: { subject: string; what: string; hint: string }) {
    super({
      code: 'GR_DATABASE_DRIVER_UNSUITED',
      message: `${subject} can't be opened: ${what}`,
      hint,
    });
  }
}

/** `backend.database.client` is unknown. */
export class UnknownDatabaseClientError extends GreenroomError {
  constructor({ pluginId, client, known }: { pluginId: string; client: string; known: readonly string[] }) {
    super({
      code: 'GR_DATABASE_CLIENT_UNKNOWN',
      message: `The database of plugin '${pluginId}' is configured for the unknown client '${client}'`,
      hint: `Set backend.database.client to one of: ${known.join(', ')}.`,
    });
  }
}

/** A database can't be reached, created or opened. */
export class DatabaseConnectionError extends GreenroomError {
  constructor(options: { pluginId: string; what: string; hint: string; cause: unknown }) {
    const { pluginId, what, hint, cause } = options;
    super({
      code: 'GR_DATABASE_CONNECT',
      message: `The database of plugin '${pluginId}' can't be used: ${what}: ${reasonOf(cause)}`,
      hint,
      cause,
    });
  }
}

/** A pooler gives each transaction a different connection, but a setting applies to one connection. */
export class DatabasePooledError extends GreenroomError {
  constructor({ pluginId, setting }: { pluginId: string; setting: string }) {
    super({
      code: 'GR_DATABASE_POOLED',
      message: `The database of plugin '${pluginId}' can't be used: backend.database has '${setting}', which is set for a connection, and a pooler such as PgBouncer gives each transaction another one`,
      hint: `Set pool_mode of the pooler to session, connect to PostgreSQL itself, or do without '${setting}': a database a plugin needs no session.`,
    });
  }
}

/** A client was requested after all had been closed. */
export class DatabaseClosedError extends GreenroomError {
  constructor(pluginId: string) {
    super({
      code: 'GR_DATABASE_CLOSED',
      message: `Plugin '${pluginId}' asked for its database after the backend had closed all databases`,
      hint: 'End what still uses the database in a shutdown hook of the plugin, which runs before databases are closed.',
    });
  }
}

/** Something still uses databases that are to be closed. */
export class DatabaseInUseError extends GreenroomError {
  constructor(names: readonly string[]) {
    const databases = names.map(name => `'${name}'`).join(', ');
    super({
      code: 'GR_DATABASE_IN_USE',
      message: `Connections to ${databases} could not be closed: something still uses them, such as a transaction that was never ended`,
      hint: 'End what uses the database in a shutdown hook of the plugin, which runs before databases are closed; what is not committed is lost.',
    });
  }
}

/** A known server no longer answers. */
export class DatabaseUnavailableError extends GreenroomError {
  constructor({ name, cause }: { name: string; cause: unknown }) {
    super({
      code: 'GR_DATABASE_UNAVAILABLE',
      message: `The database '${name}' is out of reach: ${reasonOf(cause)}`,
      hint: 'Check that its server runs, can be reached and has connections left; queries work again, without a restart, as soon as it answers.',
      cause,
    });
    markOutage(this);
  }
}

/** A plugin uses all connections it may, and none was released in time. */
export class DatabaseBusyError extends GreenroomError {
  constructor(options: { pluginId: string; limit: number; acquireTimeout: number }) {
    const { pluginId, limit, acquireTimeout } = options;
    super({
      code: 'GR_DATABASE_BUSY',
      message: `Plugin '${pluginId}' waited ${acquireTimeout} ms for a connection to its database, as it uses all ${limit} that it may`,
      hint: `Look for transactions that are never ended, and for queries in a transaction that are not made through it; or raise backend.database.connectionLimit.`,
    });
    markOutage(this);
  }
}

/** There is no space left where a database is stored. */
export class DatabaseFullError extends GreenroomError {
  constructor({ place, cause }: { place: string; cause: unknown }) {
    super({
      code: 'GR_DATABASE_FULL',
      message: `No space is left for ${place}: ${reasonOf(cause)}`,
      hint: 'Make space on its file system; what writes then works again, without a restart.',
      cause,
    });
    markOutage(this);
  }
}

/** The file of an open SQLite database has been removed or replaced. */
export class DatabaseFileGoneError extends GreenroomError {
  constructor(filename: string) {
    super({
      code: 'GR_DATABASE_FILE_GONE',
      message: `The file ${filename} has been removed or replaced while its database is open: what is written goes to the old file, and is lost when this process ends`,
      hint: 'Put the file back where you have it, and restart the backend.',
    });
  }
}
