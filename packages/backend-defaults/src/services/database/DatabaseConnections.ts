// Gives every plugin the client of its own database, and closes all of them in the end.
import type { Config } from '@backstage/config';
import type { DatabaseService, LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';
import { readDatabaseSettings, type PluginDatabaseSettings } from './config';
import type { DatabaseConnector } from './DatabaseConnector';
import { DatabaseClosedError, UnknownDatabaseClientError } from './databaseErrors';

// Connectors are loaded with the first database that needs them, as knex and its drivers are.
const connectors: Readonly<Record<string, () => Promise<DatabaseConnector>>> = {
  'better-sqlite3': async () => new (await import('./SqliteConnector')).SqliteConnector(),
  pg: async () => new (await import('./PostgresConnector')).PostgresConnector(),
};

/**
 * The databases of a backend.
 *
 * @public
 */
export class DatabaseConnections {
  readonly #config: Config;
  readonly #clients = new Map<string, Promise<Knex>>();
  #closed = false;

  /** @param config - the whole configuration; read for a plugin when that is asked for. */
  constructor(config: Config) {
    this.#config = config;
  }

  /** The database service of a plugin. Nothing is opened before `getClient` is called. */
  forPlugin(pluginId: string, { logger }: { logger: LoggerService }): DatabaseService {
    const { skipMigrations } = readDatabaseSettings(this.#config, pluginId);
    return {
      getClient: () => this.#getClient(pluginId, logger),
      migrations: { skip: skipMigrations },
    };
  }

  /** Closes every client; `getClient` then rejects with `DatabaseClosedError`. */
  async close(): Promise<void> {
    this.#closed = true;
    const clients = await Promise.allSettled(this.#clients.values());
    this.#clients.clear();
    await Promise.all(
      clients.map(client => (client.status === 'fulfilled' ? client.value.destroy() : undefined)),
    );
  }

  #getClient(pluginId: string, logger: LoggerService): Promise<Knex> {
    if (this.#closed) {
      return Promise.reject(new DatabaseClosedError(pluginId));
    }
    const known = this.#clients.get(pluginId);
    if (known) {
      return known;
    }
    const client = connect(readDatabaseSettings(this.#config, pluginId), logger);
    this.#clients.set(pluginId, client);
    // A server that is not up yet must not leave the plugin without a database for good.
    client.catch(() => this.#clients.delete(pluginId));
    return client;
  }
}

async function connect(settings: PluginDatabaseSettings, logger: LoggerService): Promise<Knex> {
  const { client, pluginId } = settings;
  const load = Object.hasOwn(connectors, client) ? connectors[client] : undefined;
  if (!load) {
    throw new UnknownDatabaseClientError({ client, pluginId, known: Object.keys(connectors) });
  }
  const connector = await load();
  return connector.connect(settings, logger);
}
