// The databases of plugins, with real SQLite files and, where the environment names one, a real PostgreSQL server.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { dropDatabases } from '@greenroom/testing';
import type { Knex } from 'knex';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { DatabaseConnections } from './DatabaseConnections';
import { loadDriver } from './loadDriver';

const logger = new MemoryLogger();
const opened: DatabaseConnections[] = [];
const directory = mkdtempSync(join(tmpdir(), 'greenroom-database-'));

afterEach(async () => {
  await Promise.all(opened.splice(0).map(connections => connections.close()));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function connect(database?: JsonObject): DatabaseConnections {
  const connections = new DatabaseConnections(new ConfigReader(database ? { backend: { database } } : {}));
  opened.push(connections);
  return connections;
}

const clientOf = (connections: DatabaseConnections, pluginId = 'catalog', of = logger) =>
  connections.forPlugin(pluginId, { logger: of }).getClient();
const open = (database: JsonObject, pluginId?: string) => clientOf(connect(database), pluginId);

/** The error of a statement that breaks a constraint. */
async function violationIn(client: Knex): Promise<Error> {
  await client.schema.createTable('secrets', table => table.text('secret').unique());
  const insert = () => client('secrets').insert({ secret: 'hunter2' });
  await insert();
  return insert().then(
    () => new Error('none'),
    (error: Error) => error,
  );
}

it('warns once of a password that was read as a number, by its key alone', async () => {
  const own = new MemoryLogger();
  const connections = connect({ connection: { directory: join(directory, 'numeric'), password: 7123 } });
  for (const id of ['catalog', 'other']) await clientOf(connections, id, own);
  const warnings = own.entries.filter(({ level }) => level === 'warn').map(({ message }) => message);
  expect(warnings).toEqual([
    expect.stringMatching(/^backend\.database\.connection\.password was read as a number, .* in quotes/),
  ]);
  expect(warnings[0]).not.toContain('7123');
});

describe('SQLite', () => {
  it('tells when it could not be closed, as a transaction in it was never ended', async () => {
    const connections = new DatabaseConnections(
      new ConfigReader({ backend: { database: { connection: { directory: join(directory, 'used') } } } }),
    );
    const [used, unused] = ['catalog', 'other'].map(id => clientOf(connections, id));
    await (await unused!).raw('select 1');
    const transaction = await (await used!).transaction();
    await expect(connections.close()).rejects.toMatchObject({
      code: 'GR_DATABASE_IN_USE',
      message: expect.stringContaining("Connections to 'catalog.sqlite' could not be closed"),
    });
    await transaction.rollback();
  });

  it('tells of a failed statement, without its values', async () => {
    const { message } = await violationIn(await clientOf(connect()));
    expect(message).toBe(
      'insert into `secrets` (`secret`) values (?) - UNIQUE constraint failed: secrets.secret',
    );
  });

  it('is in memory by default, apart for each plugin and the same for each call', async () => {
    const connections = connect();
    const catalog = await clientOf(connections);
    await catalog.schema.createTable('things', table => table.integer('id'));
    await catalog('things').insert({ id: 1 });
    expect(await clientOf(connections)).toBe(catalog);
    const other = await clientOf(connections, 'other');
    expect(await other.schema.hasTable('things')).toBe(false);
    expect(await catalog('things').select()).toEqual([{ id: 1 }]);
  });

  it('keeps one file a plugin in a directory that it makes, and finds the data again', async () => {
    const data = join(directory, 'deep', 'data');
    const first = connect({ connection: { directory: data } });
    const client = await clientOf(first);
    await client.schema.createTable('things', table => table.integer('id'));
    await (await clientOf(first, 'other')).raw('select 1');
    await first.close();
    expect(readdirSync(data).sort()).toEqual(['catalog.sqlite', 'other.sqlite']);
    const again = await open({ connection: { directory: data } });
    expect(await again.schema.hasTable('things')).toBe(true);
  });

  it('enforces foreign keys, and writes ahead in files', async () => {
    const connections = connect({
      connection: ':memory:',
      plugin: { filed: { connection: { filename: join(directory, 'own.sqlite') } } },
    });
    const memory = await clientOf(connections, 'a');
    const file = await clientOf(connections, 'filed');
    expect(await memory.raw('pragma foreign_keys')).toEqual([{ foreign_keys: 1 }]);
    expect(await file.raw('pragma foreign_keys')).toEqual([{ foreign_keys: 1 }]);
    expect(await file.raw('pragma journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(await file.raw('pragma busy_timeout')).toEqual([{ timeout: 5000 }]);
    expect(existsSync(join(directory, 'own.sqlite'))).toBe(true);
  });

  it('keeps a file that has no directory in the working directory', async () => {
    const before = process.cwd();
    process.chdir(directory);
    try {
      await (await open({ connection: { filename: 'relative.sqlite' } })).raw('select 1');
    } finally {
      process.chdir(before);
    }
    expect(existsSync(join(directory, 'relative.sqlite'))).toBe(true);
  });

  it('passes knexConfig on, the plugin over the base', async () => {
    const client = await open({
      knexConfig: { userParams: { a: 1, b: 1 } },
      plugin: { catalog: { knexConfig: { userParams: { b: 2 } } } },
    });
    expect(client.userParams).toEqual({ a: 1, b: 2 });
  });

  it.each(['removed', 'replaced'])('tells that its file has been %s, by its check alone', async what => {
    const filename = join(directory, `${what}.sqlite`);
    const connections = connect({ connection: { filename } });
    const client = await clientOf(connections);
    await client.schema.createTable('things', table => table.integer('id'));
    await connections.check();
    renameSync(filename, `${filename}-before`);
    if (what === 'replaced') writeFileSync(filename, '');
    await client('things').insert({ id: 1 });
    await expect(connections.check()).rejects.toMatchObject({
      code: 'GR_DATABASE_FILE_GONE',
      message: expect.stringContaining(filename),
    });
    rmSync(filename, { force: true });
    renameSync(`${filename}-before`, filename);
    await connections.check();
  });

  it('says which directory it could not make', async () => {
    writeFileSync(join(directory, 'file'), '');
    const client = open({ connection: { directory: join(directory, 'file', 'below') } });
    await expect(client).rejects.toMatchObject({
      code: 'GR_DATABASE_CONNECT',
      message: expect.stringContaining(join(directory, 'file', 'below')),
    });
  });
});

it('tells plugins whether migrations are to be skipped', () => {
  const connections = connect({ skipMigrations: true, plugin: { search: { skipMigrations: false } } });
  expect(connections.forPlugin('catalog', { logger }).migrations).toEqual({ skip: true });
  expect(connections.forPlugin('search', { logger }).migrations).toEqual({ skip: false });
  expect(connect().forPlugin('catalog', { logger }).migrations).toEqual({ skip: false });
});

it.each([['', 'filename'] as const, [{ directory: 1 }, 'directory'] as const])(
  'names the part of a connection that is no path: %j',
  async (connection, key) => {
    await expect(open({ connection })).rejects.toThrow(`backend.database.connection.${key} must be a path`);
  },
);

it('names the known clients when asked for another one', async () => {
  for (const client of ['mysql2', 'toString']) {
    await expect(open({ client })).rejects.toMatchObject({
      code: 'GR_DATABASE_CLIENT_UNKNOWN',
      message: `The database of plugin 'catalog' is configured for the unknown client '${client}'. Set backend.database.client to one of: better-sqlite3, pg.`,
    });
  }
});

it('names the package of a driver that is not installed', async () => {
  await expect(loadDriver('a-driver-that-is-not-there', 'catalog')).rejects.toMatchObject({
    code: 'GR_DATABASE_DRIVER_MISSING',
    message: expect.stringContaining('npm install a-driver-that-is-not-there'),
  });
  // Installed, but of no use: what this one exports is no database.
  const broken = loadDriver('express', 'catalog', driver => (driver as { open(): void }).open());
  await expect(broken).rejects.toMatchObject({
    code: 'GR_DATABASE_DRIVER_MISSING',
    cause: { message: expect.stringContaining('open is not a function') },
  });
});

it('refuses clients once everything is closed', async () => {
  const connections = connect();
  const client = await clientOf(connections);
  await connections.close();
  await expect(client.raw('select 1')).rejects.toThrow();
  await expect(clientOf(connections)).rejects.toMatchObject({
    code: 'GR_DATABASE_CLOSED',
  });
});

it('tells why a server can not be reached, without the password, and tries again the next time', async () => {
  const connections = connect({ client: 'pg', connection: 'postgres://someone:hunter2@127.0.0.1:1/x' });
  const first = clientOf(connections);
  const failure = await first.catch(error => error);
  expect(failure).toMatchObject({
    code: 'GR_DATABASE_CONNECT',
    message: expect.stringContaining('ECONNREFUSED'),
  });
  expect(failure.message).not.toContain('hunter2');
  expect(JSON.stringify(logger.entries)).toContain('ECONNREFUSED');
  expect(clientOf(connections)).not.toBe(first);
});

const server = process.env.GREENROOM_TEST_POSTGRES;
const title = server ? 'PostgreSQL' : 'PostgreSQL (skipped: GREENROOM_TEST_POSTGRES names no server)';

(server ? describe : describe.skip)(title, () => {
  const prefix = `greenroom_test_${randomBytes(4).toString('hex')}_`;
  const role = `${prefix}role`;

  afterAll(async () => {
    await dropDatabases(prefix);
    const { knex } = await import('knex');
    const admin = knex({ client: 'pg', connection: server });
    for (const name of [role, `${role}_2`]) await admin.raw('drop role if exists ??', [name]);
    await admin.destroy();
  }, 60_000);

  it('makes a database a plugin, even when two instances start at once', async () => {
    const database = { client: 'pg', connection: server!, prefix };
    const clients = await Promise.all([open(database), open(database)]);
    for (const client of clients) {
      const { rows } = await client.raw('select current_database() as name');
      expect(rows).toEqual([{ name: `${prefix}catalog` }]);
    }
  });

  it('tells of a failed statement, without its values', async () => {
    const { message } = await violationIn(
      await open({ client: 'pg', connection: server!, prefix }, 'failing'),
    );
    expect(message).toMatch(/^insert into "secrets" \("secret"\) values \(\$1\) - duplicate key value/);
  });

  it('takes the name that the plugin gives its database', async () => {
    const client = await open({
      client: 'pg',
      connection: server!,
      plugin: { catalog: { connection: { database: `${prefix}named` } } },
    });
    expect((await client.raw('select current_database() as name')).rows).toEqual([
      { name: `${prefix}named` },
    ]);
  });

  it('lets the system find out that a server has vanished, unless the connection is configured otherwise', async () => {
    const settingsOf = async (options: JsonObject) => {
      const connection = { connectionString: server!, ...options };
      const { client } = await open({ client: 'pg', connection, prefix }, 'one');
      return client.connectionSettings;
    };
    const keepAlive = {
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      connectionTimeoutMillis: 20_000,
    };
    expect(await settingsOf({})).toMatchObject(keepAlive);
    const own = { keepAlive: false, connectionTimeoutMillis: 1_000 };
    expect(await settingsOf(own)).toMatchObject({ ...keepAlive, ...own });
  });

  it('makes a schema a plugin in the shared database', async () => {
    const url = new URL(server!);
    url.pathname = `/${prefix}catalog`;
    await (await open({ client: 'pg', connection: server!, prefix })).raw('select 1');
    const connections = connect({ client: 'pg', connection: url.href, pluginDivisionMode: 'schema' });
    const client = await clientOf(connections, 'search');
    await client.schema.createTable('things', table => table.integer('id'));
    const { rows } = await client.raw(
      "select table_schema from information_schema.tables where table_name = 'things'",
    );
    expect(rows).toEqual([{ table_schema: 'search' }]);
  });

  it('assumes the role, which owns the database that is made', async () => {
    const admin = await open({ client: 'pg', connection: server!, prefix });
    await admin.raw('create role ??', [role]);
    const client = await open({ client: 'pg', connection: server!, prefix, role }, 'owned');
    const { rows } = await client.raw(
      'select current_user as name, pg_get_userbyid(datdba) as owner from pg_database where datname = current_database()',
    );
    expect(rows).toEqual([{ name: role, owner: role }]);
    await client.schema.createTable('things', table => table.integer('id'));
  });

  it('keeps plugins apart whose connection is a URL among options', async () => {
    const connections = connect({ client: 'pg', connection: { connectionString: server! }, prefix });
    for (const name of ['one', 'two']) {
      const client = await clientOf(connections, name);
      const { rows } = await client.raw('select current_database() as name');
      expect(rows).toEqual([{ name: prefix + name }]);
    }
  });

  it('makes schemas that the role owns, and none where that is switched off', async () => {
    const url = new URL(server!);
    url.pathname = `/${prefix}schemas`;
    const admin = await open(
      {
        client: 'pg',
        connection: server!,
        plugin: { admin: { connection: { database: `${prefix}schemas` } } },
      },
      'admin',
    );
    await admin.raw('create role ??', [`${role}_2`]);
    await admin.raw('grant create on database ?? to ??', [`${prefix}schemas`, `${role}_2`]);
    const connections = connect({
      client: 'pg',
      connection: url.href,
      pluginDivisionMode: 'schema',
      role: `${role}_2`,
      plugin: { absent: { ensureSchemaExists: false } },
    });
    const owned = await clientOf(connections, 'owned');
    await owned.schema.createTable('things', table => table.integer('id'));
    const { rows } = await owned.raw(
      "select nspname as schema, pg_get_userbyid(nspowner) as owner, current_user as name from pg_namespace where nspname in ('owned', 'absent')",
    );
    expect(rows).toEqual([{ schema: 'owned', owner: `${role}_2`, name: `${role}_2` }]);
    const absent = await clientOf(connections, 'absent');
    const failure = absent.schema.createTable('things', table => table.integer('id'));
    await expect(failure).rejects.toMatchObject({ code: '3F000' });
  });

  it('does not make a database where that is switched off', async () => {
    const client = await open({ client: 'pg', connection: server!, prefix, ensureExists: false }, 'absent');
    await expect(client.raw('select 1')).rejects.toMatchObject({ code: '3D000' });
  });
});
