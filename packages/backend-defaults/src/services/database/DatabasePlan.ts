// What a kind of database must be able to do.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';
import type { PluginDatabaseSettings } from './config';
import type { MigrationLock } from './guardMigrations';

/** A function that makes knex clients, with everything in place but what is given. */
export type MakeKnex = (config: Knex.Config) => Knex;

/** How the database of a plugin is opened. */
export interface DatabasePlan {
  /** Names the database to people; never has a password. */
  name: string;
  /** Plugins whose plans have the same key use one pool; without one the plugin has its own. */
  poolKey?: string;
  makeKnex: MakeKnex;
  /** Of the client that owns the pool: connection and pool. */
  poolConfig: Knex.Config;
  /** Of the plugin's own client, which has neither. */
  clientConfig: Knex.Config;
  /** The schema in which a connection must be when the plugin gets it. */
  schema?: string;
  /** Makes what is missing on the server, before the first connection of the plugin. */
  ensureExists?(): Promise<void>;
  /** Held while migrations run; ends with its holder, whatever happens to it. */
  migrationLock: MigrationLock;
  logger: LoggerService;
  /** Whether an error says that the server was out of reach, so that it is worth trying again. */
  isConnectionLoss(error: unknown): boolean;
  /** Whether an error of a query is the server's and not the query's, as above or for want of resources. */
  isUnavailable(error: unknown): boolean;
  /** Whether an error says that the server takes no writes. */
  isReadOnly(error: unknown): boolean;
  /** Rejects where what is open is not what the name of its file leads to any more. */
  checkFile?(): Promise<void>;
  /** Only for databases whose disk is this process's own business. */
  space?: DatabaseSpace;
}

/** How a database that is out of space is told from a working one. */
export interface DatabaseSpace {
  /** Where space is needed, for people. */
  place: string;
  isLacking(error: unknown): boolean;
  /** Rejects where there is no space for a megabyte. */
  probe(): Promise<void>;
}

/** Plans how the database of a plugin is opened; `current` gives the settings as the configuration has them by then. */
export type PlanDatabase = (
  settings: PluginDatabaseSettings,
  logger: LoggerService,
  current: () => PluginDatabaseSettings,
) => Promise<DatabasePlan>;
