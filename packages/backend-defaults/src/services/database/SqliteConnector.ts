// Opens SQLite databases: in memory, or one file a plugin.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';
import merge from 'lodash/merge.js';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InvalidConfigValueError } from '../../InvalidConfigValueError';
import type { ConnectionConfig, PluginDatabaseSettings } from './config';
import type { DatabaseConnector } from './DatabaseConnector';
import { DatabaseConnectionError } from './databaseErrors';
import { knexLog } from './knexLog';
import { loadDriver } from './loadDriver';

const inMemory = ':memory:';
const busyTimeoutMs = 5_000;

/** The part of a better-sqlite3 connection that is used here. */
interface SqliteConnection {
  pragma(source: string): unknown;
}

/** The connector for the client `better-sqlite3`. */
export class SqliteConnector implements DatabaseConnector {
  async connect(settings: PluginDatabaseSettings, logger: LoggerService): Promise<Knex> {
    const { pluginId, client } = settings;
    const filename = sqliteFilename(settings);
    const knex = await loadDriver(client, pluginId, openOnce);
    if (filename !== inMemory) {
      await makeDirectory(pluginId, dirname(filename));
    }
    const defaults: Knex.Config = {
      client,
      connection: { ...connectionOptions(settings), filename },
      log: knexLog(logger),
      useNullAsDefault: true,
      // A second connection would see another database in memory, and the driver is synchronous in any case.
      pool: {
        min: 1,
        max: 1,
        afterCreate: (
          connection: SqliteConnection,
          done: (error?: Error | null, connection?: unknown) => void,
        ) => {
          try {
            preparePragmas(connection, filename);
            done(null, connection);
          } catch (error) {
            done(error as Error, connection);
          }
        },
      },
    };
    return knex(merge(defaults, ...settings.knexConfigs));
  }
}

// The package comes without its native part where install scripts are switched off, and shows that only when it opens a database.
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

/** The file of a plugin's database, absolute, or `:memory:`. */
export function sqliteFilename(settings: PluginDatabaseSettings): string {
  const { pluginId, baseConnection, ownConnection } = settings;
  const { directory, filename } = { ...fileOptions(baseConnection), ...fileOptions(ownConnection) };
  if (filename === inMemory || (filename === undefined && directory === undefined)) {
    return inMemory;
  }
  return resolve(directory ?? '.', filename ?? `${pluginId}.sqlite`);
}

function fileOptions(connection: ConnectionConfig | undefined): { directory?: string; filename?: string } {
  if (connection === undefined) {
    return {};
  }
  if (typeof connection === 'string') {
    return { filename: connection };
  }
  const { directory, filename } = connection;
  for (const [key, value] of Object.entries({ directory, filename })) {
    if (value !== undefined && (typeof value !== 'string' || value === '')) {
      throw new InvalidConfigValueError(`backend.database.connection.${key}`, 'must be a path');
    }
  }
  return { ...(directory !== undefined && { directory }), ...(filename !== undefined && { filename }) } as {
    directory?: string;
    filename?: string;
  };
}

function connectionOptions({ baseConnection, ownConnection }: PluginDatabaseSettings): object {
  const { directory: _, ...options } = Object.assign(
    {},
    ...[baseConnection, ownConnection].filter(connection => typeof connection === 'object'),
  ) as Record<string, unknown>;
  return options;
}

async function makeDirectory(pluginId: string, directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (cause) {
    throw new DatabaseConnectionError({
      pluginId,
      what: `the directory ${directory} can't be made`,
      hint: 'Set backend.database.connection.directory to a directory that this process may write to.',
      cause,
    });
  }
}
