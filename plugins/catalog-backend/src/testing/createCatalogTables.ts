// The catalog's tables alone, for tests of what works on them without a backend.
import { randomUUID } from 'node:crypto';
import { eventually } from '@greenroom/testing';
import knexFactory, { type Knex } from 'knex';
import { migrateCatalog } from '../database/migrateCatalog';

const postgres = process.env.GREENROOM_TEST_POSTGRES!;
const newName = () => `catalog_test_${randomUUID().slice(0, 8)}`;

/** Creates them in memory, or in a schema of their own. `remove` drops them and closes all connections. */
export async function createCatalogTables(
  client: 'SQLite' | 'PostgreSQL',
  settings: Knex.Config = {},
): Promise<{ knex: Knex; remove(): Promise<void> }> {
  if (client === 'SQLite') {
    const connection = { filename: ':memory:' };
    const knex = knexFactory({ client: 'better-sqlite3', connection, useNullAsDefault: true });
    await migrateCatalog(knex);
    return { knex, remove: () => knex.destroy() };
  }
  const schema = newName();
  const knex = knexFactory({ client: 'pg', connection: postgres, searchPath: [schema], ...settings });
  await knex.raw('CREATE SCHEMA ??', [schema]);
  await migrateCatalog(knex);
  return {
    knex,
    async remove() {
      await knex.raw('DROP SCHEMA ?? CASCADE', [schema]);
      await knex.destroy();
    },
  };
}

/** Creates them in a PostgreSQL database of their own, for tests of locks, which other tests must not hold. */
export async function createCatalogDatabase() {
  const database = newName();
  const admin = knexFactory({ client: 'pg', connection: postgres });
  await admin.raw('CREATE DATABASE ??', [database]);
  const url = new URL(postgres);
  url.pathname = database;
  const knex = knexFactory({ client: 'pg', connection: url.href });
  await migrateCatalog(knex);
  return {
    knex,
    /** Resolves once this many statements wait for a lock. */
    async waiting(count: number): Promise<void> {
      const found = admin('pg_stat_activity').where({ datname: database, wait_event_type: 'Lock' });
      await eventually(async () =>
        expect(await found.clone().count('pid')).toEqual([{ count: String(count) }]),
      );
    },
    async remove() {
      await knex.destroy();
      await admin.raw('DROP DATABASE ?? WITH (FORCE)', [database]);
      await admin.destroy();
    },
  };
}
