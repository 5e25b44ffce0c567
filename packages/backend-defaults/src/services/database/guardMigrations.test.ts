// Migrations with knex's own means where a mark was left by an instance that is no more, or where one fails.
import { randomBytes } from 'node:crypto';
import knexFactory, { type Knex } from 'knex';
import { guardMigrations } from './guardMigrations';
import { memoryMigrationLock } from './migrationLocks';

const server = process.env.GREENROOM_TEST_POSTGRES;
const warnings: string[] = [];
let knex: Knex;

beforeEach(() => warnings.splice(0));
afterEach(() => knex.destroy());

function open(config: Knex.Config) {
  knex = knexFactory({ ...config, log: { warn: (text: string) => void warnings.push(text) } });
  guardMigrations(knex, memoryMigrationLock());
  return knex;
}
const sqlite = { client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true };

/** Two tables, one a migration. */
const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: async () => ['one', 'two'],
  getMigrationName: name => name,
  getMigration: async name => ({
    up: async trx => void (await trx.schema.createTable(name, table => table.integer('id'))),
    down: async trx => void (await trx.schema.dropTable(name)),
  }),
};

it.each<[keyof Knex.Migrator & ('latest' | 'up' | 'down' | 'rollback'), string[]]>([
  ['latest', ['one', 'two']],
  ['up', ['one', 'two']],
  ['down', []],
  ['rollback', []],
])('go on with %s where a mark was left', async (change, left) => {
  open({ ...sqlite, migrations: { tableName: 'done' } });
  await knex.migrate.up({ migrationSource });
  await knex('done_lock').update({ is_locked: 1 });
  await knex.migrate[change]({ migrationSource });
  expect(await knex('done').orderBy('id').pluck('name')).toEqual(left);
  expect(warnings).toEqual([expect.stringContaining("in the middle of the migrations of table 'done'")]);
});

it('look for the mark of the table that they are told to use, and leave others alone', async () => {
  open(sqlite);
  await knex.migrate.up({ migrationSource, tableName: 'first' });
  await knex.migrate.up({
    tableName: 'second',
    migrationSource: { ...migrationSource, getMigrations: async () => ['two'] },
  });
  for (const table of ['first_lock', 'second_lock']) await knex(table).update({ is_locked: 1 });
  await knex.migrate.rollback({ migrationSource, tableName: 'first' }, true);
  expect(await knex('first_lock').pluck('is_locked')).toEqual([0]);
  expect(await knex('second_lock').pluck('is_locked')).toEqual([1]);
});

it('are one after the other, also after one that fails', async () => {
  open(sqlite);
  const failing = {
    ...migrationSource,
    getMigration: async () => ({ up: () => Promise.reject(new Error('cannot')), down: async () => {} }),
  };
  const outcomes = await Promise.allSettled([
    knex.migrate.latest({ migrationSource: failing }),
    knex.migrate.latest({ migrationSource }),
    knex.migrate.latest({ migrationSource }),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(await knex('knex_migrations').pluck('name')).toEqual(['one', 'two']);
  expect(warnings.filter(text => text.includes('in the middle'))).toEqual([]);
});

(server ? it : it.skip)(
  'look for the mark in the schema that they are told to use (PostgreSQL: skipped without GREENROOM_TEST_POSTGRES)',
  async () => {
    const [data, schemaName] = ['data', 'marks'].map(
      name => `greenroom_${name}_${randomBytes(4).toString('hex')}`,
    ) as [string, string];
    open({ client: 'pg', connection: server!, searchPath: [data] });
    const inSchema = (table: string) => knex.withSchema(schemaName).from(table);
    try {
      for (const name of [data, schemaName]) await knex.raw('create schema ??', [name]);
      await knex.migrate.up({ migrationSource, schemaName });
      await inSchema('knex_migrations_lock').update({ is_locked: 1 });
      await knex.migrate.down({ migrationSource, schemaName });
      expect(await inSchema('knex_migrations').pluck('name')).toEqual([]);
    } finally {
      for (const name of [data, schemaName]) await knex.raw('drop schema if exists ?? cascade', [name]);
    }
  },
);
