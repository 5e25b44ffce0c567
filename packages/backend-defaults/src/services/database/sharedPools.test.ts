// One pool a database: what plugins share, what each may use of it, and that none disturbs another.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { TcpProxy } from '@greenroom/testing';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { DatabaseConnections } from './DatabaseConnections';

const logger = new MemoryLogger();
const opened: DatabaseConnections[] = [];
const directory = mkdtempSync(join(tmpdir(), 'greenroom-pools-'));

afterEach(() => Promise.all(opened.splice(0).map(connections => connections.close())));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function connect(database: JsonObject) {
  const connections = new DatabaseConnections(new ConfigReader({ backend: { database } }));
  opened.push(connections);
  const client = (pluginId: string) => connections.forPlugin(pluginId, { logger }).getClient();
  return { connections, client };
}

/** Resolves with whether `promise` is still open once everything has had a chance to run. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol('open');
  const turns = (async () => {
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    return open;
  })();
  return (await Promise.race([promise, turns])) === open;
}

describe('plugins in one file of SQLite', () => {
  const database = { connection: { filename: join(directory, 'one.sqlite') } };

  it('share its only connection, so that neither finds it locked by the other', async () => {
    const { connections, client } = connect(database);
    const [one, two] = [await client('one'), await client('two')];
    expect(one).not.toBe(two);
    await one.schema.createTable('things', table => table.integer('id'));
    const transaction = await one.transaction();
    await transaction('things').insert({ id: 1 });
    const other = two('things').insert({ id: 2 });
    const queued = other.then(() => undefined);
    expect(await isPending(queued)).toBe(true);
    await transaction.commit();
    await queued;
    expect(await two('things').orderBy('id').select()).toEqual([{ id: 1 }, { id: 2 }]);
    expect(connections.usage()).toEqual([{ name: 'one.sqlite', used: 0, idle: 1, waiting: 0, max: 1 }]);
  });

  it('keep their own options and events, and can not close it for each other', async () => {
    const { client } = connect({ ...database, knexConfig: { userParams: { a: 1 } } });
    const [one, two] = [await client('one'), await client('two')];
    let queries = 0;
    one.on('query', () => queries++);
    await two.raw('select 1');
    expect(queries).toBe(0);
    await one.destroy();
    expect(await two.raw('select 1 as one')).toEqual([{ one: 1 }]);
    expect(two.userParams).toEqual({ a: 1 });
  });
});

it('nothing is opened for a plugin that never asks', async () => {
  const files = join(directory, 'never');
  const server = await TcpProxy.start();
  const { connections } = connect({
    connection: { directory: files },
    plugin: { two: { client: 'pg', connection: `postgres://127.0.0.1:${server.port}/x` } },
  });
  connections.forPlugin('one', { logger });
  connections.forPlugin('two', { logger });
  expect(connections.usage()).toEqual([]);
  await connections.check();
  expect([existsSync(files), server.connections]).toEqual([false, 0]);
  await connections.close();
  await server.stop();
});

it('a limit that is none is refused', () => {
  for (const connectionLimit of [0, 1.5]) {
    expect(() => connect({ connectionLimit }).connections.forPlugin('one', { logger })).toThrow(
      'backend.database.connectionLimit must be a whole number above 0',
    );
  }
});

const server = process.env.GREENROOM_TEST_POSTGRES;
const title = server ? 'PostgreSQL' : 'PostgreSQL (skipped: GREENROOM_TEST_POSTGRES names no server)';

(server ? describe : describe.skip)(`plugins in one database of ${title}`, () => {
  const name = `greenroom_test_${randomBytes(4).toString('hex')}`;
  const url = new URL(server ?? 'postgres://none');
  url.pathname = `/${name}`;
  const shared: JsonObject = { client: 'pg', connection: url.href, pluginDivisionMode: 'schema' };

  beforeAll(() => asAdmin('create database ??'));
  afterAll(() => asAdmin('drop database if exists ?? with (force)'), 60_000);

  async function asAdmin(sql: string): Promise<void> {
    const { knex } = await import('knex');
    const admin = knex({ client: 'pg', connection: server });
    await admin.raw(sql, [name]);
    await admin.destroy();
  }

  it('are in their own schemas over the same few connections, whoever had one before', async () => {
    const { connections, client } = connect({ ...shared, knexConfig: { pool: { max: 3 } } });
    const plugins = ['alpha', 'beta', 'gamma', 'delta'];
    await Promise.all(
      plugins.map(async plugin => {
        const knex = await client(plugin);
        await knex.schema.createTable('things', table => table.text('plugin'));
        for (let count = 0; count < 20; count++) {
          await knex.transaction(async transaction => {
            await transaction('things').insert({ plugin });
          });
        }
      }),
    );
    for (const plugin of plugins) {
      const rows = await (
        await client(plugin)
      )('things')
        .distinct('plugin')
        .count('* as count')
        .groupBy('plugin');
      expect(rows).toEqual([{ plugin, count: '20' }]);
    }
    expect(connections.usage()).toEqual([expect.objectContaining({ name, used: 0, waiting: 0, max: 3 })]);
    const { rows } = await (
      await client('alpha')
    ).raw('select count(*)::int as count from pg_stat_activity where datname = ?', [name]);
    expect(rows[0].count).toBeLessThanOrEqual(3);
  });

  it('leave each other connections, and say who waits for what', async () => {
    const { client } = connect({
      ...shared,
      knexConfig: { acquireConnectionTimeout: 200 },
      plugin: { greedy: { connectionLimit: 2 } },
    });
    const greedy = await client('greedy');
    const held = [await greedy.transaction(), await greedy.transaction()];
    await expect(greedy.raw('select 1')).rejects.toMatchObject({
      code: 'GR_DATABASE_BUSY',
      message: expect.stringContaining("Plugin 'greedy' waited 200 ms"),
    });
    expect((await (await client('modest')).raw('select 1 as one')).rows).toEqual([{ one: 1 }]);
    const next = greedy.raw('select 2 as two').then(({ rows }) => rows);
    await Promise.all(held.map(transaction => transaction.rollback()));
    expect(await next).toEqual([{ two: 2 }]);
  });

  it('can open connections of their own, in their schema', async () => {
    const knex = await connect(shared).client('listener');
    const connection = await knex.client.acquireRawConnection();
    const { rows } = await connection.query(
      'select current_schema as schema, current_database() as database',
    );
    await connection.end();
    expect(rows).toEqual([{ schema: 'listener', database: name }]);
  });
});
