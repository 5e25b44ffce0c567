// What the queue and the worker ask of PostgreSQL while there is nothing to run: counted (set GREENROOM_TEST_POSTGRES to a URL).
import { ConfigReader } from '@backstage/config';
import { DatabaseConnections } from '@greenroom/backend-defaults/database';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { dropDatabases } from '@greenroom/testing';
import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { Knex } from 'knex';
import pg from 'pg';
import { migrateScaffolder } from '../database/migrateScaffolder';
import { TaskLeases } from '../database/TaskLeases';
import { TaskStore } from '../database/TaskStore';
import { TaskWorker } from '../tasks/TaskWorker';
import { GraphileTaskQueue } from './GraphileTaskQueue';

const server = process.env.GREENROOM_TEST_POSTGRES;
const logger: LoggerService = { error() {}, warn() {}, info() {}, debug() {}, child: () => logger };
const concurrency = 10;

(server ? describe : describe.skip)(
  'an idle scaffolder (skipped where GREENROOM_TEST_POSTGRES names no server)',
  () => {
    jest.setTimeout(60_000);
    const prefix = `greenroom_test_${randomBytes(4).toString('hex')}_`;
    let connections: DatabaseConnections;
    let knex: Knex;
    let worker: TaskWorker;
    let queue: GraphileTaskQueue;
    let store: TaskStore;
    const ran = new EventEmitter();
    let answers: Array<Promise<unknown>> = [];

    beforeEach(async () => {
      answers = [];
      const config = { backend: { database: { client: 'pg', connection: server!, prefix } } };
      connections = new DatabaseConnections(new ConfigReader(config));
      knex = await connections.forPlugin('scaffolder', { logger }).getClient();
      await migrateScaffolder(knex);
      store = new TaskStore(knex);
      queue = await GraphileTaskQueue.connect(knex, { holder: 'me', concurrency, logger, migrate: true });
      worker = new TaskWorker({
        store,
        leases: new TaskLeases(knex, 'me'),
        queue,
        logger,
        concurrency,
        staleMs: 30_000,
        shutdownMs: 1_000,
        keepLeftoversMs: 3_600_000,
        run: async ({ id }) => void ran.emit('ran', id),
      });
    });
    afterEach(async () => {
      jest.restoreAllMocks();
      jest.useRealTimers();
      await worker.stop();
      await connections.close();
      await dropDatabases(prefix);
    });

    it('asks little more than one statement a second, in no transaction, and is told of what comes', async () => {
      jest.useFakeTimers({
        doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date', 'performance'],
      });
      await worker.start();
      await ask();
      const statements: string[] = [];
      const clients: { query(...args: unknown[]): unknown } = pg.Client.prototype;
      const { query } = clients;
      jest.spyOn(clients, 'query').mockImplementation(function (this: unknown, ...args) {
        const { text = args[0] } = Object(args[0]) as { text?: unknown };
        statements.push(String(text).trim());
        const answer = query.apply(this, args);
        answers.push(Promise.allSettled([answer]));
        return answer;
      });
      for (let second = 0; second < 60; second++) {
        await jest.advanceTimersByTimeAsync(1_000);
        await ask();
      }
      const counted = statements.filter(text => text !== 'select 1');
      expect(counted.filter(text => /^begin/i.test(text))).toEqual([]);
      expect(counted.some(text => text.includes('scaffolder_tasks'))).toBe(true);
      expect(counted.some(text => text.includes('_private_jobs'))).toBe(true);
      expect(counted.length).toBeLessThan(100);
      // No time passes in which anybody could look for it.
      const first = once(ran, 'ran');
      await queue.create(store.create({ id: 'first', spec: '{}', initiator: 'none', secretNames: [] }));
      expect(await first).toEqual(['first']);
    });

    /** By a way of its own, and after what the others ask meanwhile: whole seconds pass, so no answer must be late. */
    async function ask(): Promise<void> {
      await knex.raw('select 1');
      for (let turn = 0; turn < 20; turn++) {
        await Promise.all(answers.splice(0));
        await new Promise(setImmediate);
      }
    }
  },
);
