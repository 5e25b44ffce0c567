// Brings the plugin's database to the schema of this release.
import type { Knex } from 'knex';
import * as init from './migrations/20261101000000_init';

/** By name, in the order in which they apply. In code rather than a folder, so that a bundle has them too. */
const MIGRATIONS: Record<string, Knex.Migration> = {
  '20261101000000_init': init,
};

const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: async () => Object.keys(MIGRATIONS),
  getMigrationName: name => name,
  getMigration: async name => MIGRATIONS[name]!,
};

/** Any number; the same for every release. */
const ADVISORY_LOCK = 7_206_115;

/** Applies what is missing. Several instances may call this on one database at the same time. */
export async function migrateScaffolder(knex: Knex): Promise<void> {
  const migrate = () => knex.migrate.latest({ migrationSource, tableName: 'scaffolder_migrations' });
  if (knex.client.config.client !== 'pg') {
    await migrate();
    return;
  }
  // knex fails where another instance is migrating; this makes it wait instead, and is released if that one dies.
  await knex.transaction(async lock => {
    await lock.raw('SELECT pg_advisory_xact_lock(?)', [ADVISORY_LOCK]);
    await migrate();
  });
}
