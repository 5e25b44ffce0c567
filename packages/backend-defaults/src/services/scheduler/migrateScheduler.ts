// Brings the scheduler's table in a plugin's database to the schema of this release.
import type { Knex } from 'knex';
import * as init from './migrations/20261101000000_init';

/** By name, in the order in which they apply. In code rather than a folder, so that a bundle has them too. */
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

/** Any number; the same for every release. */
const advisoryLock = 7_206_115;

/**
 * Applies what is missing. Instances that start at once wait for each other, and one that is killed in the middle leaves
 * nothing behind: all of it, knex's own lock included, is one transaction.
 */
export async function migrateScheduler(knex: Knex): Promise<void> {
  if (await isMigrated(knex)) {
    return;
  }
  const postgres = knex.client.config.client === 'pg';
  await knex.transaction(async transaction => {
    if (postgres) {
      await transaction.raw('select pg_advisory_xact_lock(?)', [advisoryLock]);
    } else {
      // SQLite takes the lock for writing with the first write, and only there waits until it gets it.
      await transaction.raw('create table greenroom_scheduler_migrating (id integer)');
    }
    await transaction.migrate.latest({ migrationSource, tableName });
    if (!postgres) {
      await transaction.raw('drop table greenroom_scheduler_migrating');
    }
  });
}

/** One query instead of the ten or so that knex needs to see that nothing is to be done. */
async function isMigrated(knex: Knex): Promise<boolean> {
  try {
    return (await knex(tableName).where('name', names.at(-1)).select('name')).length > 0;
  } catch {
    // No such table yet; anything worse is told by the migration itself.
    return false;
  }
}
