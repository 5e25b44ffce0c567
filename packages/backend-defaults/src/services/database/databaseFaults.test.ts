// What becomes of databases whose server goes away, and whose connections are cut: real faults.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { coreServices } from '@greenroom/backend-plugin-api';
import { createPlugin, TcpProxy } from '@greenroom/testing';
import type { Knex } from 'knex';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { PrivatePostgres } from '../../testing/PrivatePostgres';
import { selfSignedCertificate } from '../../testing/selfSignedCertificate';
import { startBackend } from '../../testing/startBackend';
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
    server = await PrivatePostgres.start({ maxConnections: 20, tls: selfSignedCertificate() });
    proxy = await TcpProxy.start({ host: '127.0.0.1', port: server.port });
  }, 60_000);
  afterAll(async () => {
    await proxy?.stop();
    server?.remove();
  }, 60_000);
  beforeEach(() => {
    proxy.mode = 'pass';
    proxy.loses = undefined;
    proxy.resets = 0;
  });

  async function open(options: JsonObject = {}) {
    const connection = proxy.through(server.url);
    const connections = connect({ client: 'pg', connection, ...options });
    const knex = await connections.forPlugin('catalog', { logger }).getClient();
    await knex.raw('select 1');
    return { connections, knex };
  }

  async function makeThings(knex: Knex): Promise<void> {
    await knex.schema.dropTableIfExists('things');
    await knex.schema.createTable('things', table => table.integer('id'));
  }

  const impatient = () => ({
    ...{ host: '127.0.0.1', port: proxy.port, user: 'postgres' },
    connectionTimeoutMillis: 2_000,
  });

  const oneMigration = (up: Knex.Migration['up'], config?: { transaction: boolean }) => ({
    getMigrations: async () => ['one'],
    getMigrationName: (name: string) => name,
    getMigration: async () => ({ up, down: async () => {}, config }),
  });

  /** A query that is under way when its connection is lost fails; these are about those that come after. */
  async function untilNoticed(): Promise<void> {
    while (proxy.open > 0) await new Promise(setImmediate);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  }

  /** Of a connection that is closed the system goes on to send what is left. */
  async function untilReset(count: number): Promise<void> {
    while (proxy.resets < count) await new Promise(setImmediate);
  }

  async function untilConnected(connections: DatabaseConnections, used: number): Promise<void> {
    while (connections.usage()[0]!.used < used) await new Promise(setImmediate);
  }

  /** Resolves when a connection does what is asked for. */
  async function activity(condition: string): Promise<void> {
    const knex = await connect({ client: 'pg', connection: server.url })
      .forPlugin('admin', { logger })
      .getClient();
    const query = `select 1 from pg_stat_activity where pid <> pg_backend_pid() and ${condition}`;
    while ((await knex.raw(query)).rows.length === 0) await new Promise(setImmediate);
  }

  it('that is restarted is waited for, and what was written before is there', async () => {
    const { connections, knex } = await open();
    await makeThings(knex);
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
    await makeThings(knex);
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
    const migrationSource = oneMigration(trx =>
      trx.schema.createTable('things', table => table.integer('id')),
    );
    const rows = await Promise.all(
      Array.from({ length: 40 }, async (_, number) => {
        const knex = await connections.forPlugin(`plugin${number}`, { logger }).getClient();
        await knex.migrate.latest({ migrationSource });
        return knex('things').select();
      }),
    );
    expect(rows).toEqual(Array.from({ length: 40 }, () => []));
  }, 60_000);

  it('makes indexes concurrently in migrations of several instances at once, which wait for all others', async () => {
    const migrationSource = oneMigration(
      async knex => {
        await knex.schema.createTable('indexed', table => table.integer('id'));
        // By then the other instances wait for their turn.
        await knex.raw('select pg_sleep(0.5)');
        // In place of waiting for ever.
        await knex.raw(`set lock_timeout = '3s'`);
        await knex.raw('create index concurrently indexed_id on indexed (id)');
      },
      { transaction: false },
    );
    const made = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const { knex } = await open();
        const [, names] = await knex.migrate.latest({ migrationSource, tableName: 'indexing' });
        return names.length;
      }),
    );
    expect(made.sort()).toEqual([0, 0, 1]);
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
    proxy.refuse();
    await untilNoticed();
    const begin = performance.now();
    await expect(knex.raw('select 1')).rejects.toThrow();
    expect(performance.now() - begin).toBeGreaterThan(150);
    await expect(connections.check()).rejects.toThrow();
    proxy.mode = 'pass';
    await connections.check();
    expect((await knex.raw('select 1 as one')).rows).toEqual([{ one: 1 }]);
  }, 60_000);

  it('that stays away makes nobody wait once that is known, and is told once', async () => {
    logger.entries.splice(0);
    const { knex } = await open({ reconnectTimeout: '500ms', connectionLimit: 2 });
    proxy.refuse();
    await untilNoticed();
    const begin = performance.now();
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => knex.raw('select 1')));
    // Two at a time, each for its own half second, would take ten.
    expect(performance.now() - begin).toBeLessThan(5_000);
    const unavailable = { status: 'rejected', reason: { code: 'GR_DATABASE_UNAVAILABLE' } };
    expect(outcomes).toMatchObject(outcomes.map(() => unavailable));
    proxy.mode = 'pass';
    expect((await knex.raw('select 1 as one')).rows).toEqual([{ one: 1 }]);
    const told = logger.entries.filter(({ level }) => level !== 'debug').map(({ message }) => message);
    expect(told).toEqual([
      expect.stringMatching(/^The database 'backstage_plugin_catalog' can't be used: /),
      expect.stringMatching(/^The database 'backstage_plugin_catalog' is used again after \d+ s$/),
    ]);
  }, 60_000);

  it('that is silent keeps one connection for checks, however many there are, and none for good', async () => {
    const { connections } = await open();
    proxy.mode = 'hang';
    const checks = Array.from({ length: 5 }, () => connections.check());
    const outcomes = Promise.allSettled(checks);
    await untilConnected(connections, 1);
    expect(connections.usage()).toMatchObject([{ used: 1, waiting: 0 }]);
    const silent = { status: 'rejected', reason: { message: 'there was no answer within 3000 ms' } };
    expect(await outcomes).toMatchObject(checks.map(() => silent));
    proxy.mode = 'pass';
    await connections.check();
    expect(connections.usage()).toMatchObject([{ used: 0, idle: 1 }]);
  }, 60_000);

  it('that is silent where a connection is put to another schema has that connection replaced', async () => {
    const { connections, knex } = await open({ pluginDivisionMode: 'schema' });
    const other = await connections.forPlugin('other', { logger }).getClient();
    await knex.raw('select 1');
    const { connections: before, swallowed } = proxy;
    proxy.mode = 'hang';
    const answer = other.raw('select 1 as one').then(({ rows }) => rows);
    while (proxy.swallowed === swallowed) await new Promise(setImmediate);
    proxy.mode = 'pass';
    expect(await answer).toEqual([{ one: 1 }]);
    expect(proxy.connections).toBe(before + 1);
  }, 60_000);

  it('is not waited for where what prepares a connection is lost, and connected to anew', async () => {
    const { connections, knex } = await open();
    proxy.cut();
    await untilNoticed();
    proxy.loses = 'pg_backend_pid';
    const unavailable = { code: 'GR_DATABASE_UNAVAILABLE', cause: { code: 'ETIMEDOUT' } };
    await expect(knex.raw('select 1')).rejects.toMatchObject(unavailable);
    await untilReset(1);
    expect((await knex.raw('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(connections.usage()).toMatchObject([{ used: 0, idle: 1 }]);
  }, 60_000);

  it('is not waited for where the answer is lost to what knex asks over a first connection', async () => {
    await open();
    const connection = proxy.through(server.url);
    const connections = connect({ client: 'pg', connection, ensureExists: false });
    const knex = await connections.forPlugin('catalog', { logger }).getClient();
    proxy.loses = 'select version()';
    await expect(knex.raw('select 1')).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      message: 'PostgreSQL was connected to, but then did not answer within 10000 ms',
    });
    await untilReset(1);
    expect((await knex.raw('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(connections.usage()).toMatchObject([{ used: 0, idle: 1 }]);
  }, 60_000);

  it('is not waited for where the answer is lost that tells whether there is a database', async () => {
    const connection = proxy.through(server.url);
    const connections = connect({ client: 'pg', connection });
    proxy.loses = 'select 1 from pg_database';
    const database = connections.forPlugin('catalog', { logger });
    await expect(database.getClient()).rejects.toMatchObject({ code: 'GR_DATABASE_CONNECT' });
    await untilNoticed();
    await database.getClient();
  }, 30_000);

  it('keeps no connection that could not be prepared', async () => {
    await open();
    const role = 'no_such_role';
    const connections = connect({ client: 'pg', connection: proxy.through(server.url), role });
    const knex = await connections.forPlugin('catalog', { logger }).getClient();
    for (let round = 0; round < 3; round++) await expect(knex.raw('select 1')).rejects.toThrow(role);
    await Promise.all(opened.splice(0).map(each => each.close()));
    await untilNoticed();
  }, 60_000);

  it('is waited for by long queries, and by none whose connection has lost what was sent either way', async () => {
    logger.entries.splice(0);
    const { connections, knex } = await open();
    const transaction = await knex.transaction();
    const unanswered = knex.raw('select pg_sleep(1)').catch(error => error);
    await activity("query like '%pg_sleep(1)%' and state = 'active'");
    proxy.lose();
    const unsent = transaction.raw('select 1').catch(error => error);
    const long = knex.raw('select pg_sleep(20)').then(() => 'answered');
    expect(await Promise.all([unanswered, unsent])).toEqual([
      expect.objectContaining({ code: 'ETIMEDOUT' }),
      expect.objectContaining({ code: 'ETIMEDOUT' }),
    ]);
    expect(await long).toBe('answered');
    await transaction.rollback().catch(() => {});
    expect(connections.usage()).toMatchObject([{ used: 0 }]);
    await untilReset(2);
    expect(logger.entries.filter(({ level }) => level !== 'debug')).toEqual([
      expect.objectContaining({
        level: 'warn',
        message:
          "Gave up 2 of the connections to the database 'backstage_plugin_catalog', whose queries fail: what was sent over them was lost, as the server is not working on their queries",
      }),
    ]);
  }, 60_000);

  it('that has vanished lets no query wait for long, and is connected to anew when it is back', async () => {
    const { connections, knex } = await open({
      connection: { ...impatient(), ssl: { rejectUnauthorized: false } },
    });
    proxy.mode = 'hang';
    await expect(knex.raw('select 1')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await untilReset(1);
    proxy.mode = 'pass';
    expect((await knex.raw('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(connections.usage()).toMatchObject([{ used: 0, idle: 1 }]);
  }, 60_000);

  it('that has vanished does not keep its connections from being closed', async () => {
    const { connections, knex } = await open();
    proxy.mode = 'hang';
    const asked = knex.raw('select 1').catch(error => error);
    const begin = performance.now();
    await connections.close();
    expect(performance.now() - begin).toBeLessThan(8_000);
    expect(await asked).toMatchObject({ code: 'ETIMEDOUT' });
    await untilReset(1);
  }, 60_000);

  it('that has vanished makes no plugin wait any more once that is known, also none with another database', async () => {
    logger.entries.splice(0);
    const { connections, knex } = await open({ connection: impatient() });
    const other = await connections.forPlugin('other', { logger }).getClient();
    const ask = () => [knex, other, knex, other].map(client => client.raw('select 1 as one'));
    await Promise.all(ask());
    proxy.mode = 'hang';
    await expect(knex.raw('select 1')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    const { swallowed } = proxy;
    const outcomes = await Promise.allSettled(ask());
    const unavailable = { status: 'rejected', reason: { code: 'GR_DATABASE_UNAVAILABLE' } };
    expect(outcomes).toMatchObject(outcomes.map(() => unavailable));
    // One attempt to connect for each database, and nothing over what was open.
    expect(proxy.swallowed - swallowed).toBeLessThanOrEqual(2);
    await expect(connections.check()).rejects.toThrow('is out of reach');
    proxy.mode = 'pass';
    const recovered = async (client: Knex): Promise<unknown> => {
      for (;;) {
        const outcome = await client.raw('select 1 as one').catch(error => error);
        if (outcome.code !== 'GR_DATABASE_UNAVAILABLE') return outcome.rows ?? outcome;
        await new Promise(setImmediate);
      }
    };
    expect(await Promise.all([recovered(knex), recovered(other)])).toEqual([[{ one: 1 }], [{ one: 1 }]]);
    expect(logger.entries.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^The database 'backstage_plugin_catalog' can't be used: The connection was lost/,
      ),
      expect.stringMatching(/^The database 'backstage_plugin_other' can't be used: The connection was lost/),
    ]);
  }, 60_000);

  it('that answers somebody is not given up, though it accepts no new connections', async () => {
    const { connections, knex } = await open({ connection: impatient() });
    const other = await connections.forPlugin('other', { logger }).getClient();
    await other.raw('select 1');
    proxy.mode = 'overload';
    let isAnswered = false;
    const long = knex
      .raw('select pg_sleep(22)')
      .then(() => 'answered')
      .finally(() => (isAnswered = true));
    while (!isAnswered) await other.raw('select pg_sleep(0.2)');
    expect(await long).toBe('answered');
  }, 60_000);

  it('that loses the connection of a lock for migrations does not keep them from ending', async () => {
    const connection = proxy.through(server.url);
    const connections = connect({ client: 'pg', connection });
    const knex = await connections.forPlugin('catalog', { logger }).getClient();
    while (proxy.open > 0) await new Promise(setImmediate);
    const migrationSource = oneMigration(async () => proxy.lose(1));
    const [, names] = await knex.migrate.latest({ migrationSource, tableName: 'losing' });
    expect(names).toEqual(['one']);
    await untilReset(1);
  }, 60_000);

  it('that took no writes is connected to anew, as another one may be the primary by now', async () => {
    const admin = connect({ client: 'pg', connection: server.url });
    const direct = await admin.forPlugin('admin', { logger }).getClient();
    const { knex: first } = await open();
    await makeThings(first);
    const setting = 'database backstage_plugin_catalog';
    await direct.raw(`alter ${setting} set default_transaction_read_only = on`);
    const { knex } = await open();
    await direct.raw(`alter ${setting} reset default_transaction_read_only`);
    // As it is with connections to what is a standby from now on.
    await expect(knex('things').insert({ id: 1 })).rejects.toMatchObject({ code: '25006' });
    await knex('things').insert({ id: 2 });
    expect(await knex('things').select()).toEqual([{ id: 2 }]);
  }, 60_000);

  it('lets nobody wait for ever for a transaction of an instance that stands still in it', async () => {
    const connection = { connectionString: proxy.through(server.url) };
    const limited = (limit: number) => ({ ...connection, idle_in_transaction_session_timeout: limit });
    const { knex: still } = await open({ connection: limited(300) });
    const { knex } = await open();
    const limits = [still, knex].map(client => client.raw('show idle_in_transaction_session_timeout'));
    expect((await Promise.all(limits)).map(({ rows }) => rows[0])).toEqual([
      { idle_in_transaction_session_timeout: '300ms' },
      { idle_in_transaction_session_timeout: '10min' },
    ]);

    await makeThings(knex);
    await knex('things').insert({ id: 1 });
    const left = still.transaction(async tx => {
      await tx('things').update({ id: 2 });
      await knex('things').update({ id: 3 });
      await tx('things').select();
    });
    await expect(left).rejects.toThrow('connection error');
    expect(logger.entries.at(-1)).toMatchObject({
      level: 'warn',
      message: expect.stringContaining('undone a transaction that did nothing for too long'),
    });
    expect(await still('things').select()).toEqual([{ id: 3 }]);
  }, 60_000);

  it('that is away makes requests get 503, without its address', async () => {
    const backend = await startBackend({
      config: {
        backend: {
          database: {
            client: 'pg',
            connection: proxy.through(server.url),
            reconnectTimeout: '1ms',
          },
        },
      },
      features: [
        createPlugin('catalog', {
          deps: { database: coreServices.database, httpRouter: coreServices.httpRouter },
          async init({ database, httpRouter }) {
            const knex = await database.getClient();
            await knex.raw('select 1');
            httpRouter.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
            httpRouter.use(async (req, res, next) => {
              try {
                const { rows } = await knex.raw(req.path === '/slow' ? 'select pg_sleep(30)' : 'select 1');
                res.json(rows.length);
              } catch (cause) {
                next(new Error('It failed', { cause }));
              }
            });
          },
        }),
      ],
    });
    const get = async (path: string) => {
      const response = await fetch(`${backend.url}/api/catalog/${path}`);
      return [response.status, await response.json()];
    };
    try {
      expect(await get('')).toEqual([200, 1]);
      const slow = get('slow');
      await activity("query like '%pg_sleep(30)' and state = 'active'");
      proxy.refuse();
      const unavailable = {
        name: 'ServiceUnavailableError',
        message: expect.stringMatching(
          /^The request needs what the server can not reach right now; its log says more under correlation id [\w-]+$/,
        ),
        correlationId: expect.any(String),
      };
      for (const answer of [await slow, await get('')]) {
        expect(answer).toEqual([503, expect.objectContaining({ error: unavailable })]);
      }
      proxy.mode = 'pass';
      expect(await get('')).toEqual([200, 1]);
    } finally {
      await backend.stop();
    }
  }, 60_000);
});
