// The databases that the tests of this plugin run on. Set GREENROOM_TEST_POSTGRES to a URL to include PostgreSQL.
import type { JsonObject } from '@backstage/types';
import { dropDatabases } from '@greenroom/testing';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knexFactory, { type Knex } from 'knex';

/** A database, or a folder with databases, for test backends. */
export interface TestDatabase {
  /** The value for `backend.database`. */
  config: JsonObject;
  /** Opens the plugin's database. The plugin must have started once. */
  open(): Knex;
  remove(): Promise<void>;
}

const postgres = process.env.GREENROOM_TEST_POSTGRES;

/** A name for the test report, and a function that creates a new database. */
export const testDatabases: Array<[string, () => Promise<TestDatabase>]> = [
  ['SQLite', makeSqlite],
  ...(postgres ? [['PostgreSQL', () => makePostgres(postgres)] as [string, typeof makeSqlite]] : []),
];

async function makeSqlite(): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'greenroom-scaffolder-'));
  return {
    config: { client: 'better-sqlite3', connection: { directory } },
    open: () =>
      knexFactory({
        client: 'better-sqlite3',
        connection: { filename: join(directory, 'scaffolder.sqlite') },
        useNullAsDefault: true,
      }),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

async function makePostgres(connection: string): Promise<TestDatabase> {
  const prefix = `greenroom_test_${randomBytes(4).toString('hex')}_`;
  return {
    config: { client: 'pg', connection, prefix },
    open() {
      const url = new URL(connection);
      url.pathname = `${prefix}scaffolder`;
      return knexFactory({ client: 'pg', connection: url.href });
    },
    remove: () => dropDatabases(prefix),
  };
}

/** Everything in the plugin's tables, with bytes as text. */
export async function dumpDatabase(database: TestDatabase): Promise<string> {
  const knex = database.open();
  const tables = ['tasks', 'task_events', 'task_progress', 'task_workspaces'];
  const rows = (await Promise.all(tables.map(table => knex(`scaffolder_${table}`)))).flat();
  await knex.destroy();
  expect(rows.length).toBeGreaterThan(3);
  return rows
    .flatMap(row => Object.values(row))
    .map(value => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value)))
    .join('\n');
}
