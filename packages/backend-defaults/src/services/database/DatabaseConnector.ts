// What a kind of database must be able to do.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';
import type { PluginDatabaseSettings } from './config';

/** Opens the databases of plugins for one client. */
export interface DatabaseConnector {
  /** Makes sure that the plugin's database is there, and gives a client for it. */
  connect(settings: PluginDatabaseSettings, logger: LoggerService): Promise<Knex>;
}
