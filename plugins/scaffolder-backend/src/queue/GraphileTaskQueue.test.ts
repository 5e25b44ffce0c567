// Tests of the queue on PostgreSQL as the database service is set up to use it (set GREENROOM_TEST_POSTGRES to a URL).
import { ConfigReader } from '@backstage/config';
import { DatabaseConnections } from '@greenroom/backend-defaults/database';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { TcpProxy } from '@greenroom/testing';
import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import knexFactory, { type Knex } from 'knex';
import { migrateScaffolder } from '../database/migrateScaffolder';
import { TaskStore } from '../database/TaskStore';
import { createPool } from './createPool';
import { GraphileTaskQueue } from './GraphileTaskQueue';

const server = process.env.GREENROOM_TEST_POSTGRES;
const logger: LoggerService = {
  error() {},
  warn() {},
  info() {},
  debug() {},
  child: () => logger,
};
const name = `greenroom_test_${randomBytes(4).toString('hex')}`;
const suite = server ? describe : describe.skip;

suite('GraphileTaskQueue (skipped where GREENROOM_TEST_POSTGRES names no server)', () => {
  let admin: Knex;
  let connections: DatabaseConnections;
  let knex: Knex;

  beforeAll(() => {
    admin = knexFactory({ client: 'pg', connection: server! });
  });
  afterAll(() => admin.destroy());

  async function connect(database: object) {
    const config = { backend: { database: { client: 'pg', connection: server!, ...database } } };
    connections = new DatabaseConnections(new ConfigReader(config as never));
    knex = await connections.forPlugin('scaffolder', { logger }).getClient();
    await migrateScaffolder(knex);
    return new TaskStore(knex);
  }

  const queueOf = (holder: string) =>
    GraphileTaskQueue.connect(knex, { holder, concurrency: 2, logger, migrate: true });

  async function create(queue: GraphileTaskQueue, store: TaskStore, id: string, holder?: string) {
    await queue.create(store.create({ id, spec: '{}', initiator: 'none', secretNames: [], holder }));
  }

  describe('with a database a plugin, and a role', () => {
    beforeAll(() => admin.raw('create role ??', [name]));
    afterEach(async () => {
      await connections.close();
      await admin.raw('drop database if exists ?? with (force)', [`${name}_scaffolder`]);
    });
    afterAll(() => admin.raw('drop role ??', [name]));

    it('makes its schema as that role, and hands each task to one of the instances', async () => {
      const store = await connect({ prefix: `${name}_`, role: name });
      const queues = await Promise.all([queueOf('one'), queueOf('two')]);
      const { rows } = await knex.raw(
        `select nspowner::regrole::text as owner from pg_namespace where nspname = 'greenroom_scaffolder_jobs'`,
      );
      expect(rows).toEqual([{ owner: name }]);
      // Its own connections are of that role as well, and do not wait for the disk.
      const pool = await createPool(knex, 1);
      const { rows: settings } = await pool.query(
        `select current_user as role, current_setting('synchronous_commit') as waits`,
      );
      await pool.end();
      expect(settings).toEqual([{ role: name, waits: 'off' }]);
      const ids = Array.from({ length: 20 }, (_, at) => `task-${at}`);
      for (const id of ids) await create(queues[0]!, store, id);

      const ran: string[] = [];
      const events = new EventEmitter();
      for (const queue of queues) {
        await queue.start({
          concurrency: 2,
          run: async id => {
            ran.push(id);
            events.emit('ran');
          },
        });
      }
      while (ran.length < ids.length) await once(events, 'ran');
      await Promise.all(queues.map(queue => queue.stop()));
      expect(ran.sort()).toEqual(ids.sort());
    }, 60_000);
  });

  describe('with a schema a plugin', () => {
    beforeEach(() => admin.raw('create database ??', [name]));
    afterEach(async () => {
      await connections.close();
      await admin.raw('drop database if exists ?? with (force)', [name]);
    });

    it('keeps what is for one instance alone, drops what is rolled back, finds what is stuck', async () => {
      const url = new URL(server!);
      url.pathname = name;
      const store = await connect({ connection: url.href, pluginDivisionMode: 'schema' });
      const [mine, other] = await Promise.all([queueOf('mine'), queueOf('other')]);
      await create(mine, store, 'for-mine', 'mine');
      await create(mine, store, 'for-all');
      const rolledBack = store.transaction(async trx => {
        await mine.add(['never'], trx);
        throw new Error('no');
      });
      await expect(rolledBack).rejects.toThrow('no');

      const ran: string[] = [];
      const events = new EventEmitter();
      const start = (queue: GraphileTaskQueue, as: string) =>
        queue.start({
          concurrency: 2,
          run: async id => {
            ran.push(`${as} ${id}`);
            events.emit('ran');
          },
        });
      await start(other, 'other');
      while (ran.length < 1) await once(events, 'ran');
      await start(mine, 'mine');
      while (ran.length < 2) await once(events, 'ran');
      await Promise.all([mine.stop(), other.stop()]);
      expect(ran).toEqual(['other for-all', 'mine for-mine']);

      // As an instance leaves it that dies before it could claim the task.
      const next = await queueOf('next');
      await create(next, store, 'stuck');
      await knex.raw(
        `update greenroom_scaffolder_jobs._private_jobs set locked_by = 'dead', locked_at = now() - interval '1 hour' where key = 'stuck'`,
      );
      const find = (staleMs: number) => store.transaction(trx => next.findStuck(staleMs, trx));
      expect(await find(60_000)).toEqual(['stuck']);
      expect(await find(2 * 3_600_000)).toEqual([]);
      // The clock of the database was set back since.
      await knex.raw(
        `update greenroom_scaffolder_jobs._private_jobs set locked_at = now() + interval '1 hour' where key = 'stuck'`,
      );
      expect(await find(60_000)).toEqual(['stuck']);
      await create(next, store, 'queued');
      await knex.raw(
        `update greenroom_scaffolder_jobs._private_jobs set run_at = now() + interval '1 hour' where key = 'queued'`,
      );
      // Unlike one that failed, and waits for its next attempt.
      await create(next, store, 'failed');
      await knex.raw(
        `update greenroom_scaffolder_jobs._private_jobs set attempts = 1, run_at = now() + interval '1 hour' where key = 'failed'`,
      );
      expect((await find(60_000)).sort()).toEqual(['queued', 'stuck']);
      expect(await find(2 * 3_600_000)).toEqual([]);
      await knex('scaffolder_tasks').where({ id: 'queued' }).update({ holder: 'next' });
      const another = await queueOf('another');
      await store.transaction(trx => another.add(['queued', 'stuck'], trx));
      await start(another, 'another');
      while (ran.length < 3) await once(events, 'ran');
      await start(next, 'next');
      while (ran.length < 4) await once(events, 'ran');
      await Promise.all([another.stop(), next.stop()]);
      expect(ran.slice(-2)).toEqual(['another stuck', 'next queued']);
      await knex('greenroom_scaffolder_jobs._private_jobs').where({ key: 'failed' }).delete();
      expect(await knex('greenroom_scaffolder_jobs._private_jobs').pluck('payload')).toEqual([]);
    }, 60_000);

    it('goes on running tasks after an outage in which one ended', async () => {
      const proxy = await TcpProxy.start(server!);
      const url = new URL(proxy.through(server!));
      url.pathname = name;
      const store = await connect({ connection: url.href, pluginDivisionMode: 'schema' });
      const queue = await queueOf('only');
      const events = new EventEmitter();
      const finish = once(events, 'finish');
      await queue.start({
        concurrency: 1,
        run: async id => {
          events.emit(id);
          await finish;
          events.emit(`${id} ended`);
        },
      });
      const begun = once(events, 'first');
      await create(queue, store, 'first');
      await begun;
      const ended = once(events, 'first ended');
      proxy.refuse();
      events.emit('finish');
      await ended;
      // By then the queue has tried to store it.
      await expect(knex.raw('select 1')).rejects.toThrow();
      proxy.mode = 'pass';
      const next = once(events, 'second');
      while (
        !(await create(queue, store, 'second').then(
          () => true,
          () => false,
        ))
      );
      await next;
      await queue.stop();
      await proxy.stop();
    }, 60_000);
  });
});
