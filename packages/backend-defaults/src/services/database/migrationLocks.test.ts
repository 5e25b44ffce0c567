// Locks for migrations: one holder at a time, and nothing that is left of one that fails.
import knexFactory, { type Knex } from 'knex';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MigrationLock } from './guardMigrations';
import { memoryMigrationLock, postgresMigrationLock, sqliteMigrationLock } from './migrationLocks';

const server = process.env.GREENROOM_TEST_POSTGRES;
const directory = mkdtempSync(join(tmpdir(), 'greenroom-locks-'));
const schema = `locks_${randomBytes(4).toString('hex')}`;
let knex: Knex;

beforeAll(() => {
  knex = server
    ? knexFactory({ client: 'pg', connection: server })
    : knexFactory({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true });
});
afterAll(async () => {
  await knex.destroy();
  rmSync(directory, { recursive: true, force: true });
});

const locks: Array<[string, () => MigrationLock, jest.It]> = [
  ['in memory', memoryMigrationLock, it],
  ['of SQLite', () => sqliteMigrationLock('better-sqlite3', join(directory, 'a.sqlite')), it],
  [
    'of PostgreSQL (only with GREENROOM_TEST_POSTGRES)',
    () => postgresMigrationLock(schema),
    server ? it : it.skip,
  ],
];

describe.each(locks)('the lock %s', (_, makeLock, test) => {
  test('has one holder at a time, and is given back by one that fails', async () => {
    const lock = makeLock();
    const told: string[] = [];
    const work = (name: string, end: () => Promise<unknown> = async () => {}) =>
      lock(knex, async () => {
        told.push(`${name} begins`);
        await new Promise(setImmediate);
        told.push(`${name} ends`);
        await end();
      });
    const fail = () => Promise.reject(new Error('cannot'));
    const outcomes = await Promise.allSettled([work('one', fail), work('two'), work('three', fail)]);
    await work('last');
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    const names = told.map(text => text.split(' ')[0]);
    // Whoever begins ends before anybody else does.
    expect(names.filter((__, at) => at % 2 === 0)).toEqual(names.filter((__, at) => at % 2 === 1));
    expect(new Set(names).size).toBe(4);
  });
});

(server ? it : it.skip)(
  'keeps those of other schemas from nothing (only with GREENROOM_TEST_POSTGRES)',
  async () => {
    const within = await postgresMigrationLock(schema)(knex, () =>
      postgresMigrationLock(`${schema}_other`)(knex, async () => 'done'),
    );
    expect(within).toBe('done');
  },
);

(server ? it : it.skip)(
  'is given back soon by a machine that vanishes, and never by one that is slow (only with GREENROOM_TEST_POSTGRES)',
  async () => {
    let connection: { query(sql: string): Promise<{ rows: unknown[] }> };
    const { rows } = await postgresMigrationLock(schema, made => (connection = made as typeof connection))(
      knex,
      () =>
        connection.query(
          "select current_setting('tcp_keepalives_idle') as probed, current_setting('idle_in_transaction_session_timeout') as slow",
        ),
    );
    expect(rows).toEqual([{ probed: '10', slow: '0' }]);
  },
);

(server ? it : it.skip)(
  'lets an index be created concurrently, also where transactions are isolated by default (only with GREENROOM_TEST_POSTGRES)',
  async () => {
    const isolated = knexFactory({
      client: 'pg',
      connection: { connectionString: server!, options: '-c default_transaction_isolation=serializable' },
    });
    try {
      await isolated.raw('create table ?? (id integer)', [schema]);
      await postgresMigrationLock(schema)(isolated, () =>
        isolated.raw('create index concurrently on ?? (id)', [schema]).timeout(5_000),
      );
    } finally {
      await isolated.raw('drop table ??', [schema]);
      await isolated.destroy();
    }
  },
);
