// Migrates the scheduler's table in a plugin's database to the schema of this release.
import type { Knex } from 'knex';
import * as init from './migrations/20261101000000_init';

/** By name, in order. In code rather than a folder, so that bundles include them. */
const migrations: Record<string, Knex.Migration> = {
  '20261101000000_init': init,
};
const names = Object.keys(migrations);
const tableName = 'greenroom_scheduler_migrations';

const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: async () => names,
  getMigrationName: name => name,
  getMigration: async name => migrations[name]!,
};

/**
 * Applies missing migrations. Instances that start at once wait for each other, thanks to the database service's
 * client.
 */
export async function migrateScheduler(knex: Knex): Promise<void> {
  if (!(await isMigrated(knex))) {
    await knex.migrate.latest({ migrationSource, tableName });
  }
}

/** A single query, where knex needs about ten to see that there is nothing to do. */
async function isMigrated(knex: Knex): Promise<boolean> {
  try {
    return (await knex(tableName).where('name', names.at(-1)).select('name')).length > 0;
  } catch {
    // The table does not exist yet. The migration itself reports anything worse.
    return false;
  }
}
