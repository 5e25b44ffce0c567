// Empty databases for tests, on every kind of database server that the environment provides.
import { assertSqliteSuits } from '@greenroom/backend-defaults/database';
import { randomBytes } from 'node:crypto';
import createKnex, { type Knex } from 'knex';
import { afterAllTests } from '../afterAllTests';
import { testServerAddress } from './testServers';

/**
 * The databases that tests can use.
 *
 * @public
 */
export type TestDatabaseId =
  | 'POSTGRES_18'
  | 'POSTGRES_17'
  | 'POSTGRES_16'
  | 'POSTGRES_15'
  | 'POSTGRES_14'
  | 'POSTGRES_13'
  | 'POSTGRES_12'
  | 'POSTGRES_11'
  | 'POSTGRES_9'
  | 'MYSQL_8'
  | 'SQLITE_3';

const allIds: TestDatabaseId[] = [
  'POSTGRES_18',
  'POSTGRES_17',
  'POSTGRES_16',
  'POSTGRES_15',
  'POSTGRES_14',
  'POSTGRES_13',
  'POSTGRES_12',
  'POSTGRES_11',
  'POSTGRES_9',
  'MYSQL_8',
  'SQLITE_3',
];

/**
 * Provides empty databases for tests, and removes them after all tests.
 *
 * SQLite is always available. A server is used if an environment variable has its address:
 * `BACKSTAGE_TEST_DATABASE_POSTGRES16_CONNECTION_STRING` (and so on for the others), or `GREENROOM_TEST_POSTGRES`,
 * which is used for the first of the requested versions of PostgreSQL. No containers are started.
 *
 * @example
 * ```ts
 * const databases = TestDatabases.create({ ids: ['POSTGRES_16', 'SQLITE_3'] });
 * it.each(databases.eachSupportedId())('stores things on %p', async id => {
 *   const knex = await databases.init(id);
 * });
 * ```
 *
 * @public
 */
export class TestDatabases {
  static #defaultIds: readonly TestDatabaseId[] = allIds;
  readonly #addresses = new Map<TestDatabaseId, string | undefined>();
  readonly #cleanups: Array<() => Promise<void>> = [];

  /**
   * Creates the databases. `ids` defaults to those of {@link TestDatabases.setDefaults}, otherwise to all;
   * `disableDocker` has no effect. Call this outside of tests.
   */
  static create(options?: { ids?: TestDatabaseId[]; disableDocker?: boolean }): TestDatabases {
    const databases = new TestDatabases(options?.ids ?? TestDatabases.#defaultIds);
    afterAllTests(() => databases.#cleanUp());
    return databases;
  }

  /** Sets the databases to use if `create` is called without `ids`. */
  static setDefaults(options: { ids?: TestDatabaseId[] }): void {
    TestDatabases.#defaultIds = options.ids ?? allIds;
  }

  private constructor(ids: readonly TestDatabaseId[]) {
    for (const id of ids) {
      const address = id === 'SQLITE_3' ? undefined : addressOf(id, ids);
      if (id === 'SQLITE_3' || address !== undefined) this.#addresses.set(id, address);
    }
  }

  /** Whether a database is available in this environment, so that {@link TestDatabases.init} works for it. */
  supports(id: TestDatabaseId): boolean {
    return this.#addresses.has(id);
  }

  /**
   * Returns the available databases in the form that `it.each` takes. Throws if none of the requested ones is
   * available.
   */
  eachSupportedId(): Array<[TestDatabaseId]> {
    if (this.#addresses.size === 0) {
      throw new Error(
        'None of the databases that this test asks for can be reached. Set GREENROOM_TEST_POSTGRES to the address of a PostgreSQL server, or ask for SQLITE_3 as well.',
      );
    }
    return [...this.#addresses.keys()].map(id => [id]);
  }

  /** Creates a new, empty database and returns a client for it. Rejects if the database is not available. */
  async init(id: TestDatabaseId): Promise<Knex> {
    if (!this.supports(id)) {
      throw new Error(
        `${id} can't be reached here: set ${variableOf(id)} to the address of a server, or use only what eachSupportedId() gives.`,
      );
    }
    const address = this.#addresses.get(id);
    const open = id === 'SQLITE_3' ? openSqlite : id === 'MYSQL_8' ? openMysql : openPostgres;
    const { knex, remove } = await open(address!);
    this.#cleanups.push(remove);
    return knex;
  }

  async #cleanUp(): Promise<void> {
    await Promise.all(this.#cleanups.splice(0).map(remove => remove()));
  }
}

interface OpenedDatabase {
  knex: Knex;
  remove(): Promise<void>;
}

function variableOf(id: TestDatabaseId): string {
  return `BACKSTAGE_TEST_DATABASE_${id.replace('_', '')}_CONNECTION_STRING`;
}

function addressOf(id: TestDatabaseId, asked: readonly TestDatabaseId[]): string | undefined {
  const postgres = id.startsWith('POSTGRES');
  return testServerAddress(id, asked, {
    own: variableOf(id),
    ...(postgres && { shared: 'GREENROOM_TEST_POSTGRES' }),
    kind: postgres ? 'POSTGRES' : 'MYSQL',
  });
}

async function openSqlite(): Promise<OpenedDatabase> {
  await assertSqliteSuits();
  const knex = createKnex({
    client: 'better-sqlite3',
    connection: ':memory:',
    useNullAsDefault: true,
    // A second in-memory connection would be a second database.
    pool: {
      min: 1,
      max: 1,
      afterCreate(raw: { pragma(text: string): void }, done: () => void) {
        raw.pragma('foreign_keys = ON');
        done();
      },
    },
  });
  return { knex, remove: () => knex.destroy() };
}

async function openPostgres(address: string): Promise<OpenedDatabase> {
  return openOnServer('pg', address, 'postgres', (admin, name) =>
    admin.raw('DROP DATABASE IF EXISTS ?? WITH (FORCE)', [name]),
  );
}

async function openMysql(address: string): Promise<OpenedDatabase> {
  return openOnServer('mysql2', address, 'mysql', (admin, name) =>
    admin.raw('DROP DATABASE IF EXISTS ??', [name]),
  );
}

/** Creates a database on a server, through a connection to the database that the address names. */
async function openOnServer(
  client: string,
  address: string,
  defaultDatabase: string,
  drop: (admin: Knex, name: string) => PromiseLike<unknown>,
): Promise<OpenedDatabase> {
  const name = `test_${randomBytes(10).toString('hex')}`;
  const url = new URL(address);
  if (url.pathname.length < 2) url.pathname = `/${defaultDatabase}`;
  const admin = <T>(work: (knex: Knex) => PromiseLike<T>) =>
    withClient({ client, connection: url.href }, work);
  await admin(knex => knex.raw('CREATE DATABASE ??', [name]));
  const own = new URL(url);
  own.pathname = `/${name}`;
  const knex = createKnex({ client, connection: own.href, pool: { min: 0, max: 10 } });
  return {
    knex,
    async remove() {
      await knex.destroy();
      await admin(each => drop(each, name));
    },
  };
}

async function withClient<T>(config: Knex.Config, work: (knex: Knex) => PromiseLike<T>): Promise<T> {
  const knex = createKnex({ ...config, pool: { min: 0, max: 1 } });
  try {
    return await work(knex);
  } finally {
    await knex.destroy();
  }
}
