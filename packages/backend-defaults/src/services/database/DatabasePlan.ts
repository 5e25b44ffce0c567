// The interface between the database service and the supported kinds of databases.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';
import type { PluginDatabaseSettings } from './config';
import type { MigrationLock } from './guardMigrations';
import type { SilentConnections } from './postgres/SilentConnections';

/** Creates knex clients, adding everything that they have in common to `config`. */
export type MakeKnex = (config: Knex.Config) => Knex;

/** How the database of a plugin is opened. */
export interface DatabasePlan {
  /** Describes the database to people. Never contains a password. */
  name: string;
  /** Plugins whose plans have the same key share a pool. */
  poolKey: string;
  makeKnex: MakeKnex;
  /** For the client that owns the pool: connection and pool. */
  poolConfig: Knex.Config;
  /** For the plugin's own client, which has neither. */
  clientConfig: Knex.Config;
  /** The schema that a connection must be in when the plugin gets it. */
  schema?: string;
  /** Creates what is missing on the server, before the plugin's first connection. */
  ensureExists?(): Promise<void>;
  /** Held while migrations run. Released automatically if its holder dies. */
  migrationLock: MigrationLock;
  logger: LoggerService;
  /** Whether the error means that the server was unreachable, so that a retry is worthwhile. */
  isConnectionLoss(error: unknown): boolean;
  /**
   * Whether a query failed because of the server, by losing the connection or lacking resources, not because of the
   * query.
   */
  isUnavailable(error: unknown): boolean;
  /** Whether the error means that the server is read-only. */
  isReadOnly(error: unknown): boolean;
  /** Sets what is called when the server can't be reached and all connections to it have been given up. */
  whenOutOfReach?(listener: (error: Error) => void): void;
  /** Rejects if the open file is no longer the one at its path. */
  checkFile?(): Promise<void>;
  /** Only for databases whose disk is managed by this process. */
  space?: DatabaseSpace;
}

/** Detects that a database is out of space, and when it no longer is. */
export interface DatabaseSpace {
  /** Where space is needed, in words. */
  place: string;
  isLacking(error: unknown): boolean;
  /** Rejects if there is no space for one megabyte. */
  probe(): Promise<void>;
}

/**
 * Plans how the database of a plugin is opened. `current` returns the settings as currently configured, and `silent`
 * watches connections.
 */
export type PlanDatabase = (
  settings: PluginDatabaseSettings,
  logger: LoggerService,
  current: () => PluginDatabaseSettings,
  silent: SilentConnections,
) => Promise<DatabasePlan>;
