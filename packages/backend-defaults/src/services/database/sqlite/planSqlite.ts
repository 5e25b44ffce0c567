// Opens SQLite databases: in memory, or one file per plugin.
import type { JsonObject, JsonValue } from '@backstage/types';
import type { Knex } from 'knex';
import merge from 'lodash/merge.js';
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { access, constants, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { InvalidConfigValueError } from '../../../config/InvalidConfigValueError';
import { assertSqliteSuits } from './assertSqliteSuits';
import type { PluginDatabaseSettings } from '../config';
import type { DatabaseSpace, PlanDatabase } from '../DatabasePlan';
import { DatabaseConnectionError, DatabaseFileGoneError, DatabaseFullError } from '../databaseErrors';
import { type KeptMemory, keptMemory } from './keptMemory';
import { knexMessages } from '../knexMessages';
import { loadDriver } from '../loadDriver';
import { memoryMigrationLock, sqliteMigrationLock } from '../migrationLocks';

const inMemory = ':memory:';
const busyTimeoutMs = 5_000;

/** The part of a better-sqlite3 connection that is used here. */
interface SqliteConnection {
  readonly inTransaction: boolean;
  pragma(source: string): unknown;
  close(): unknown;
  prepare(sql: string): unknown;
  serialize(): Buffer;
}

type SqliteDriver = new (filename: string | Buffer, options: object) => SqliteConnection;

/** Plans a database for the client `better-sqlite3`. */
export const planSqlite: PlanDatabase = async (settings, logger) => {
  const { pluginId, client } = settings;
  const connectionOptions = sqliteConnection(settings);
  const { filename } = connectionOptions;
  const inFile = filename !== inMemory;
  const space = inFile ? spaceFor(filename) : undefined;
  let opened: string | undefined;
  await assertSqliteSuits(`The database of plugin '${pluginId}'`);
  const knex = await loadDriver(client, pluginId, openOnce);
  const kept = inFile ? undefined : await keptMemory(pluginId, logger);
  const shared = { client, ...knexMessages(logger), useNullAsDefault: true };
  const poolConfig: Knex.Config = {
    connection: connectionOptions,
    // A second in-memory connection would see a different database, and the driver is synchronous anyway.
    pool: {
      min: 1,
      max: 1,
      afterCreate: (connection: SqliteConnection, done: (error?: Error | null, made?: unknown) => void) => {
        try {
          preparePragmas(connection, filename);
          bearRollbacks(connection);
          if (inFile) opened = fileAt(filename);
          if (kept) keepOnClose(connection, kept);
          done(null, connection);
        } catch (cause) {
          // The connection never gets into the pool, so nobody else would close it.
          connection.close();
          done(space?.isLacking(cause) ? new DatabaseFullError({ ...space, cause }) : (cause as Error));
        }
      },
    },
  };
  return {
    name: inFile ? basename(filename) : `memory of ${pluginId}`,
    // What is in memory is never shared.
    poolKey: JSON.stringify([client, inFile ? filename : pluginId, settings.knexConfigs]),
    makeKnex(config) {
      const made = knex({ ...shared, ...config });
      if (kept?.content) made.client.driver = driverThatOpens(kept.content, made.client.driver);
      return made;
    },
    poolConfig: merge(poolConfig, ...settings.knexConfigs),
    clientConfig: merge({}, ...settings.knexConfigs),
    ...(inFile && { ensureExists: () => makeDirectory(pluginId, dirname(filename)) }),
    migrationLock: inFile ? sqliteMigrationLock(client, filename) : memoryMigrationLock(),
    // There is no server that could be lost.
    logger,
    isConnectionLoss: () => false,
    isUnavailable: () => false,
    isReadOnly: () => false,
    ...(inFile && {
      async checkFile() {
        if (opened !== undefined && fileAt(filename) !== opened) throw new DatabaseFileGoneError(filename);
      },
    }),
    ...(space && { space }),
  };
};

// Without install scripts the package lacks its native part, which only shows when it opens a database.
function openOnce(driver: unknown): void {
  const Database = driver as new (filename: string) => { close(): void };
  new Database(inMemory).close();
}

function preparePragmas(connection: SqliteConnection, filename: string): void {
  connection.pragma('foreign_keys = ON');
  if (filename !== inMemory) {
    connection.pragma(`busy_timeout = ${busyTimeoutMs}`);
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = NORMAL');
  }
}

/**
 * On a full disk SQLite ends the transaction by itself. Knex rolls back all the same, and would report that there was
 * nothing to roll back instead of the cause.
 */
function bearRollbacks(connection: SqliteConnection): void {
  const prepare = connection.prepare.bind(connection);
  connection.prepare = sql =>
    prepare(!connection.inTransaction && /^rollback;?$/i.test(sql) ? 'select 1' : sql);
}

/** A driver whose databases start with `content`. Passing it as the filename would show it to plugins in the settings. */
function driverThatOpens(content: Buffer, Driver: SqliteDriver): SqliteDriver {
  return class extends Driver {
    constructor(_filename: string | Buffer, options: object) {
      super(content, options);
    }
  };
}

function keepOnClose(connection: SqliteConnection, kept: KeptMemory): void {
  const close = connection.close.bind(connection);
  connection.close = async () => {
    await kept.keep(connection.serialize());
    close();
  };
}

/** Identifies a file, to detect that another one has replaced it; `undefined` if there is none. */
function fileAt(filename: string): string | undefined {
  const found = statSync(filename, { throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}

// What SQLite reports on a full disk: when writing, and when opening a file.
const outOfSpace = ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE'];
const probeBytes = 1_048_576;

function spaceFor(filename: string): DatabaseSpace {
  return {
    place: filename,
    isLacking: error => outOfSpace.includes((error as { code?: string }).code ?? ''),
    async probe() {
      const file = `${filename}-space-${process.pid}`;
      try {
        // Not in the database, where small writes still succeed long after larger ones fail.
        await writeFile(file, randomBytes(probeBytes));
      } finally {
        await rm(file, { force: true });
      }
    },
  };
}

/** What a plugin's connection has, its filename being the absolute path of a file or `:memory:`. */
function sqliteConnection({ pluginId, baseConnection, ownConnection }: PluginDatabaseSettings) {
  const [base, own] = [baseConnection, ownConnection].map(connection =>
    typeof connection === 'string' ? { filename: connection } : connection,
  );
  const { directory, filename, ...options }: JsonObject = { ...base, ...own };
  const [folder, file] = [readPath('directory', directory), readPath('filename', filename)];
  const isInMemory = file === inMemory || (file === undefined && folder === undefined);
  return {
    ...options,
    filename: isInMemory ? inMemory : resolve(folder ?? '.', file ?? `${pluginId}.sqlite`),
  };
}

function readPath(key: string, value: JsonValue | undefined): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw new InvalidConfigValueError(`backend.database.connection.${key}`, 'must be a path');
}

async function makeDirectory(pluginId: string, directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    // SQLite creates further files next to the database. If it can't, it only says that it can't open the database.
    await access(directory, constants.W_OK);
  } catch (cause) {
    throw new DatabaseConnectionError({
      pluginId,
      what: `the directory ${directory} can't be made or written to`,
      hint: 'Set backend.database.connection.directory to a directory that this process may write to.',
      cause,
    });
  }
}
