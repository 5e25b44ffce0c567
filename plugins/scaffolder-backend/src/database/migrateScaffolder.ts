// Migrates the plugin's database to the current schema.
import type { Knex } from 'knex';
import * as init from './migrations/20261101000000_init';
import * as heartbeats from './migrations/20261127000000_heartbeats';

/** By name, in the order in which they apply. In code rather than a folder, so that bundles contain them. */
const MIGRATIONS: Record<string, Knex.Migration> = {
  '20261101000000_init': init,
  '20261127000000_heartbeats': heartbeats,
};

const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: async () => Object.keys(MIGRATIONS),
  getMigrationName: name => name,
  getMigration: async name => MIGRATIONS[name]!,
};

/**
 * Applies pending migrations. Several instances may start at once: the client of the database service makes them wait
 * for each other.
 */
export async function migrateScaffolder(knex: Knex): Promise<void> {
  await knex.migrate.latest({ migrationSource, tableName: 'scaffolder_migrations' });
}
