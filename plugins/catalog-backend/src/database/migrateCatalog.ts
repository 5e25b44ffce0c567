// Migrates the plugin's database to the current schema.
import type { Knex } from 'knex';
import * as init from './migrations/20261126000000_init';
import * as claims from './migrations/20261127000000_claims';
import * as narrowRows from './migrations/20261128000000_narrowRows';
import * as coveringIndex from './migrations/20261129000000_coveringIndex';
import * as sortIndex from './migrations/20261130000000_sortIndex';

/** By name, in the order in which they apply. In code rather than a folder, so that bundles contain them. */
const MIGRATIONS: Record<string, Knex.Migration> = {
  '20261126000000_init': init,
  '20261127000000_claims': claims,
  '20261128000000_narrowRows': narrowRows,
  '20261129000000_coveringIndex': coveringIndex,
  '20261130000000_sortIndex': sortIndex,
};
const names = Object.keys(MIGRATIONS);
const tableName = 'greenroom_catalog_migrations';

const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: async () => names,
  getMigrationName: name => name,
  getMigration: async name => MIGRATIONS[name]!,
};

/**
 * Applies pending migrations. Several instances may start at once: the client of the database service makes them wait
 * for each other.
 */
export async function migrateCatalog(knex: Knex): Promise<void> {
  if (!(await isMigrated(knex))) await knex.migrate.latest({ migrationSource, tableName });
}

/** A single query, instead of the ten or so that knex needs to find out that there is nothing to do. */
async function isMigrated(knex: Knex): Promise<boolean> {
  try {
    return (await knex(tableName).where('name', names.at(-1)).select('name')).length > 0;
  } catch {
    // The table does not exist yet. Any other error will be reported by the migration itself.
    return false;
  }
}
