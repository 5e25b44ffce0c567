// The events of all instances: tables that several make at the same moment, and answers that are lost on the way.
import { TcpProxy } from '@greenroom/testing';
import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { DatabaseBusyError } from '../database';
import { EventLog } from './EventLog';

const server = process.env.GREENROOM_TEST_POSTGRES;
const title = server ? 'an event log' : 'an event log (skipped: GREENROOM_TEST_POSTGRES names no server)';

it('does not ask about an event for which there was no connection', async () => {
  const raw = () =>
    Promise.reject(new DatabaseBusyError({ pluginId: 'events', limit: 1, acquireTimeout: 60_000 }));
  const transaction = jest.fn(() => Promise.resolve(false));
  const log = new EventLog({ raw, transaction } as unknown as Knex, {
    logger: new MemoryLogger(),
    retention: 60_000,
  });
  const append = log.append({ topic: 'a', body: '', delivered: [] }, { channel: 'c', payload: '' });
  await expect(append).rejects.toMatchObject({ code: 'GR_DATABASE_BUSY' });
  expect(transaction).not.toHaveBeenCalled();
});

(server ? describe : describe.skip)(title, () => {
  const database = `greenroom_test_${randomBytes(4).toString('hex')}`;
  const opened: Knex[] = [];
  const proxies: TcpProxy[] = [];
  let admin: Knex;

  async function connect(connection: string): Promise<Knex> {
    const { knex } = await import('knex');
    const client = knex({ client: 'pg', connection, pool: { min: 0, max: 1 } });
    opened.push(client);
    return client;
  }

  beforeAll(async () => {
    admin = await connect(server!);
    await admin.raw('create database ??', [database]);
  });
  afterAll(async () => {
    await Promise.all(proxies.map(proxy => proxy.stop()));
    await Promise.all(opened.splice(1).map(client => client.destroy()));
    await admin.raw('drop database if exists ??', [database]);
    await admin.destroy();
  });

  async function throughProxy() {
    const proxy = await TcpProxy.start(server!);
    proxies.push(proxy);
    const url = new URL(proxy.through(server!));
    url.pathname = `/${database}`;
    const knex = await connect(url.href);
    return { proxy, knex, log: new EventLog(knex, { logger: new MemoryLogger(), retention: 60_000 }) };
  }

  it('is made once by instances that have all seen that it is missing', async () => {
    const url = new URL(server!);
    url.pathname = `/${database}`;
    const [holder, ...instances] = await Promise.all(Array.from({ length: 4 }, () => connect(url.href)));
    const waiting = async () => {
      const { rows } = await admin.raw(
        `select count(*)::int as count from pg_locks join pg_database on pg_database.oid = pg_locks.database
         where datname = ? and locktype = 'advisory' and not granted`,
        [database],
      );
      return rows[0].count;
    };
    const first = await holder!.transaction();
    await first.raw('select pg_advisory_xact_lock(727401963)');
    const prepared = instances.map(knex =>
      new EventLog(knex, { logger: new MemoryLogger(), retention: 60_000 }).prepare(),
    );
    while ((await waiting()) < instances.length) await new Promise(setImmediate);
    await first.commit();
    await Promise.all(prepared);
    expect(await instances[0]!('greenroom_events').select()).toEqual([]);
  });

  it('has accepted what it has stored where the answer to that is lost, and nothing else', async () => {
    const { proxy, knex, log } = await throughProxy();
    await log.prepare();
    await log.addGroup('elsewhere');
    const append = (body: string) =>
      log.append({ topic: 'a', body, delivered: ['here'] }, { channel: 'c', payload: '' });
    let disturb = () => {};
    knex.on('query', ({ sql }: { sql: string }) => sql.startsWith('with turn') && disturb());
    disturb = () => (proxy.cuts = 1);
    await append('answer lost');
    disturb = () => (proxy.mode = 'hang');
    const lost = append('statement lost').catch((error: Error) => error.message);
    while (proxy.swallowed === 0) await new Promise(setImmediate);
    proxy.mode = 'pass';
    proxy.cut();
    expect(await lost).toContain('Connection terminated');
    disturb = () => {};
    await append('undisturbed');
    const taken = await log.take('elsewhere', ['a'], 9);
    expect(taken.map(({ body }) => body)).toEqual(['answer lost', 'undisturbed']);
  });

  it('gives what it has taken, and only once, where the answer to that is lost', async () => {
    const { proxy, knex, log } = await throughProxy();
    await log.prepare();
    await log.addGroup('g');
    for (const body of ['1', '2', '3']) {
      await log.append({ topic: 't', body, delivered: [] }, { channel: 'c', payload: '' });
    }
    let lose: RegExp | undefined = /^COMMIT/;
    knex.on('query', ({ sql }: { sql: string }) => {
      if (lose?.test(sql)) proxy.cuts = 1;
    });
    const take = async () => (await log.take('g', ['t'], 1)).map(({ body }) => body);
    expect(await take()).toEqual(['1']);
    // Nor can it be asked at once what became of it.
    lose = /^COMMIT|txid_status/;
    await expect(take()).rejects.toThrow('Connection terminated');
    lose = undefined;
    expect([await take(), await take(), await take()]).toEqual([['2'], ['3'], []]);
  });
});
