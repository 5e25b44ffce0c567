// What becomes of databases whose server goes away, and whose connections are cut: real faults.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { PrivatePostgres } from '../../testing/PrivatePostgres';
import { TcpProxy } from '../../testing/TcpProxy';
import { DatabaseConnections } from './DatabaseConnections';

const logger = new MemoryLogger();
const opened: DatabaseConnections[] = [];

afterEach(() => Promise.all(opened.splice(0).map(connections => connections.close())));

function connect(database: JsonObject): DatabaseConnections {
  const connections = new DatabaseConnections(new ConfigReader({ backend: { database } }));
  opened.push(connections);
  return connections;
}

it('tells once that a server is not there', async () => {
  const own = new MemoryLogger();
  const connections = connect({ client: 'pg', connection: 'postgres://nobody@127.0.0.1:1/x' });
  await expect(connections.forPlugin('catalog', { logger: own }).getClient()).rejects.toThrow(
    'connect ECONNREFUSED 127.0.0.1:1',
  );
  expect(own.entries.filter(({ level }) => level !== 'debug')).toEqual([]);
});

const title = PrivatePostgres.isInstalled
  ? 'a PostgreSQL server'
  : 'a PostgreSQL server (skipped: no initdb below /usr/lib/postgresql)';

(PrivatePostgres.isInstalled ? describe : describe.skip)(title, () => {
  let server: PrivatePostgres;
  let proxy: TcpProxy;

  beforeAll(async () => {
    server = await PrivatePostgres.start({ maxConnections: 20 });
    proxy = await TcpProxy.start({ host: '127.0.0.1', port: server.port });
  }, 60_000);
  afterAll(async () => {
    await proxy?.stop();
    server?.remove();
  }, 60_000);
  beforeEach(() => (proxy.mode = 'pass'));

  async function open(options: JsonObject = {}) {
    const connection = `postgres://postgres@127.0.0.1:${proxy.port}/postgres`;
    const connections = connect({ client: 'pg', connection, ...options });
    const knex = await connections.forPlugin('catalog', { logger }).getClient();
    await knex.raw('select 1');
    return { connections, knex };
  }

  /** A query that is under way when its connection is lost fails; these are about those that come after. */
  async function untilNoticed(): Promise<void> {
    while (proxy.open > 0) await new Promise(setImmediate);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  }

  it('that is restarted is waited for, and what was written before is there', async () => {
    const { connections, knex } = await open();
    await knex.schema.dropTableIfExists('things');
    await knex.schema.createTable('things', table => table.integer('id'));
    await knex('things').insert({ id: 1 });
    server.stop('fast');
    await untilNoticed();
    await expect(connections.check()).rejects.toThrow();
    const before = proxy.connections;
    const rows = knex('things').then(found => found);
    while (proxy.connections < before + 2) await new Promise(setImmediate);
    server.start();
    expect(await rows).toEqual([{ id: 1 }]);
    await connections.check();
  }, 60_000);

  it('that crashes takes running transactions with it, and nothing else', async () => {
    const { knex } = await open();
    await knex.schema.dropTableIfExists('things');
    await knex.schema.createTable('things', table => table.integer('id'));
    const transaction = await knex.transaction();
    await transaction('things').insert({ id: 1 });
    server.stop('immediate');
    server.start();
    const lost = await transaction('things')
      .insert({ id: 2 })
      .catch(error => error);
    expect(lost).toBeInstanceOf(Error);
    await transaction.rollback().catch(() => {});
    expect(await knex('things').select()).toEqual([]);
  }, 60_000);

  it('with few connections is enough for many plugins that are made and migrated at once', async () => {
    const connections = connect({
      client: 'pg',
      connection: server.url,
      pluginDivisionMode: 'schema',
      knexConfig: { pool: { max: 5 } },
    });
    const migrationSource = {
      getMigrations: async () => ['one'],
      getMigrationName: (name: string) => name,
      getMigration: async () => ({
        up: (trx: Knex) => trx.schema.createTable('things', table => table.integer('id')),
        down: async () => {},
      }),
    };
    const rows = await Promise.all(
      Array.from({ length: 40 }, async (_, number) => {
        const knex = await connections.forPlugin(`plugin${number}`, { logger }).getClient();
        await knex.migrate.latest({ migrationSource });
        return knex('things').select();
      }),
    );
    expect(rows).toEqual(Array.from({ length: 40 }, () => []));
  }, 60_000);

  it('whose connections are cut is connected to anew', async () => {
    const { knex } = await open();
    for (let round = 0; round < 3; round++) {
      const sleeping = knex.raw('select pg_sleep(30)').then(
        () => 'answered',
        (error: Error) => error.message,
      );
      while (proxy.open === 0) await new Promise(setImmediate);
      proxy.cut();
      expect(await sleeping).toMatch(/terminated|ECONNRESET/);
      expect((await knex.raw('select 1 as one')).rows).toEqual([{ one: 1 }]);
    }
  }, 60_000);

  it('that stays away is given up after the time that is configured, and told by the check', async () => {
    const { connections, knex } = await open({ reconnectTimeout: '300ms' });
    proxy.mode = 'refuse';
    proxy.cut();
    await untilNoticed();
    const begin = performance.now();
    await expect(knex.raw('select 1')).rejects.toThrow();
    expect(performance.now() - begin).toBeGreaterThan(150);
    await expect(connections.check()).rejects.toThrow();
    proxy.mode = 'pass';
    await connections.check();
    expect((await knex.raw('select 1 as one')).rows).toEqual([{ one: 1 }]);
  }, 60_000);
});
