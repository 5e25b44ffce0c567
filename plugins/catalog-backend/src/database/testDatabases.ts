// The databases that the tests of this plugin run on.
import { randomUUID } from 'node:crypto';
import knexFactory, { type Knex } from 'knex';

const postgres = process.env.GREENROOM_TEST_POSTGRES;

/** A name for the test report, and what opens an empty database; the second result removes it again. */
export const testDatabases: Array<[string, () => Promise<{ knex: Knex; remove: () => Promise<void> }>]> = [
  ['SQLite', openSqlite],
  ...(postgres ? [['PostgreSQL', () => openPostgres(postgres)] as [string, typeof openSqlite]] : []),
];

async function openSqlite() {
  const knex = knexFactory({
    client: 'better-sqlite3',
    connection: ':memory:',
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate: (raw: { pragma(text: string): void }, done: () => void) => {
        raw.pragma('foreign_keys = ON');
        done();
      },
    },
  });
  return { knex, remove: () => knex.destroy() };
}

async function openPostgres(connection: string) {
  const schema = `catalog_test_${randomUUID().replaceAll('-', '')}`;
  const knex = knexFactory({ client: 'pg', connection, searchPath: [schema] });
  await knex.raw('CREATE SCHEMA ??', [schema]);
  return {
    knex,
    async remove() {
      await knex.raw('DROP SCHEMA ?? CASCADE', [schema]);
      await knex.destroy();
    },
  };
}
