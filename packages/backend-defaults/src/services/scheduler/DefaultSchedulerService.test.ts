// Tasks of a plugin on a real database: SQLite, and PostgreSQL where the environment names a server.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { dropDatabases } from '@greenroom/testing';
import type { Knex } from 'knex';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { signal } from '../../testing/signal';
import { DatabaseConnections } from '../database/DatabaseConnections';
import { DefaultSchedulerService } from './DefaultSchedulerService';
import { tasksTable } from './tasksTable';

const timeout = { minutes: 1 };
const hourly = { hours: 1 };
const manual = { trigger: 'manual' } as const;
const server = process.env.GREENROOM_TEST_POSTGRES;
const prefix = `greenroom_test_${randomBytes(4).toString('hex')}_`;
const directory = mkdtempSync(join(tmpdir(), 'greenroom-scheduler-'));

const postgres: JsonObject = { client: 'pg', connection: server!, prefix };
const databases: Array<[string, (name: string) => JsonObject, boolean]> = [
  ['SQLite', name => ({ connection: { filename: join(directory, `${name}.sqlite`) } }), true],
  [
    server ? 'PostgreSQL' : 'PostgreSQL (skipped: GREENROOM_TEST_POSTGRES names no server)',
    () => postgres,
    server !== undefined,
  ],
];

afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  if (server) await dropDatabases(prefix);
  // A database a test: dropping them all takes its time on a busy server.
}, 120_000);

describe.each(databases)('on %s', (_, configOf, available) => {
  const test = available ? it : it.skip;
  const closers: Array<() => Promise<void>> = [];
  let pluginId: string;
  let logger: MemoryLogger;

  beforeEach(() => {
    pluginId = `p${randomBytes(4).toString('hex')}`;
    logger = new MemoryLogger();
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  /** An instance of the plugin, with connections of its own as another process would have. */
  async function instance(options: { leaseMs?: number; started?: boolean } = {}) {
    const { leaseMs = 600, started = true } = options;
    const connections = new DatabaseConnections(
      new ConfigReader({ backend: { database: configOf(pluginId) } }),
    );
    const database = connections.forPlugin(pluginId, { logger });
    const scheduler = new DefaultSchedulerService({ pluginId, database, logger, leaseMs });
    closers.push(() => connections.close());
    closers.push(() => scheduler.stop());
    if (started) await scheduler.start();
    const knex: () => Promise<Knex> = () => database.getClient();
    return { scheduler, knex, connections };
  }

  const state = async (scheduler: DefaultSchedulerService) => (await scheduler.describeTasks())[0]!.progress;

  test('runs again and again, and tells what it scheduled', async () => {
    const { scheduler } = await instance();
    const third = signal(3);
    await scheduler.createScheduledTaskRunner({ frequency: { milliseconds: 5 }, timeout }).run({
      id: 'often',
      fn: () => third.fire(),
    });
    await third.fired;
    expect(await scheduler.getScheduledTasks()).toEqual([
      {
        id: 'often',
        scope: 'global',
        settings: { version: 2, cadence: 'PT0.005S', timeoutAfterDuration: 'PT1M' },
      },
    ]);
  });

  test('leaves the process time for all else where tasks are always due', async () => {
    const { scheduler } = await instance({ started: false });
    const own = new AbortController();
    let runs = 0;
    const fn = () => {
      for (const until = performance.now() + 2; performance.now() < until;);
      // In place of running for ever.
      if (++runs === 200) own.abort();
    };
    for (const id of ['one', 'two']) {
      await scheduler.scheduleTask({ id, frequency: { milliseconds: 1 }, timeout, signal: own.signal, fn });
    }
    await scheduler.start();
    for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setTimeout(resolve, 1));
    expect(runs).toBeLessThan(200);
  });

  test('runs by cron expression, in either scope', async () => {
    const { scheduler } = await instance();
    const runs = (['global', 'local'] as const).map(async scope => {
      const second = signal(2);
      const frequency = { cron: '* * * * * *' };
      await scheduler.scheduleTask({ id: scope, scope, frequency, timeout, fn: () => second.fire() });
      await second.fired;
    });
    await Promise.all(runs);
  });

  test('begins nothing before the start, and then what was triggered before', async () => {
    const { scheduler } = await instance({ started: false });
    const order: string[] = [];
    const both = signal(2);
    const fn = (name: string) => () => {
      order.push(name);
      both.fire();
    };
    await scheduler.scheduleTask({ id: 'due', frequency: hourly, timeout, fn: fn('due') });
    await scheduler.scheduleTask({ id: 'asked', frequency: manual, timeout, fn: fn('asked') });
    await scheduler.triggerTask('asked');
    order.push('start');
    await scheduler.start();
    await both.fired;
    expect(order[0]).toBe('start');
    expect(order.slice(1).sort()).toEqual(['asked', 'due']);
  });

  test('runs each task once when several instances, started at once, find all of them due', async () => {
    const running = new Map<string, number>();
    const overlaps: string[] = [];
    const runs: string[] = [];
    const all = signal(20);
    // Leases are not what this is about, and a busy machine must not lose any.
    const quiet = { started: false, leaseMs: 15_000 };
    const instances = await Promise.all([1, 2, 3].map(() => instance(quiet)));
    const ids = Array.from({ length: 20 }, (_id, at) => `task ${at}`);
    await Promise.all(
      instances.map(async ({ scheduler }) => {
        for (const id of ids) {
          const fn = async () => {
            runs.push(id);
            running.set(id, (running.get(id) ?? 0) + 1);
            if (running.get(id)! > 1) overlaps.push(id);
            // Long enough for the others to try.
            for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
            running.set(id, running.get(id)! - 1);
            all.fire();
          };
          await scheduler.scheduleTask({ id, frequency: hourly, timeout, fn });
        }
      }),
    );
    await Promise.all(instances.map(({ scheduler }) => scheduler.start()));
    await all.fired;
    await Promise.all(instances.map(({ scheduler }) => scheduler.stop()));
    expect(overlaps).toEqual([]);
    expect(runs.sort()).toEqual(ids.sort());
    expect(logger.entries.filter(entry => entry.level !== 'debug')).toEqual([]);
  });

  test('logs what a task throws, shows it, and runs it again', async () => {
    const { scheduler } = await instance();
    const again = signal<unknown>();
    let runs = 0;
    await scheduler.scheduleTask({
      id: 'failing',
      frequency: { milliseconds: 20 },
      timeout,
      async fn() {
        if (++runs === 1) throw new Error('no luck');
        again.fire(await state(scheduler));
      },
    });
    expect(await again.fired).toMatchObject({
      running: true,
      worker: 'running',
      lastError: expect.stringContaining('no luck'),
      lastEndedAt: expect.any(Number),
    });
    expect(logger.entries).toContainEqual({
      level: 'error',
      message: "The task 'failing' failed, and runs again on schedule",
      meta: { error: expect.objectContaining({ message: 'no luck' }) },
    });
  });

  test("runs a task again whose error has what JSON can't express", async () => {
    const { scheduler } = await instance();
    const again = signal<unknown>();
    let runs = 0;
    await scheduler.scheduleTask({
      id: 'failing',
      frequency: { milliseconds: 20 },
      timeout,
      async fn() {
        if (++runs === 1) throw Object.assign(new TypeError('too large'), { size: 10n });
        again.fire(await state(scheduler));
      },
    });
    expect(await again.fired).toMatchObject({
      lastError: JSON.stringify({ name: 'TypeError', message: 'too large', size: '10' }),
    });
  });

  test('aborts a run that takes longer than its timeout', async () => {
    const { scheduler } = await instance();
    const aborted = signal<unknown>();
    await scheduler.scheduleTask({
      id: 'slow',
      frequency: hourly,
      timeout: { milliseconds: 20 },
      fn: abort =>
        new Promise<void>(resolve =>
          abort.addEventListener('abort', () => {
            aborted.fire(abort.reason);
            resolve();
          }),
        ),
    });
    expect(await aborted.fired).toMatchObject({ code: 'GR_TASK_TIMEOUT' });
    await scheduler.stop();
    expect(logger.entries).toContainEqual(
      expect.objectContaining({
        level: 'error',
        meta: { error: expect.objectContaining({ code: 'GR_TASK_TIMEOUT' }) },
      }),
    );
  });

  test('gives up a run that ignores its signal, so that the next one can begin', async () => {
    const { scheduler } = await instance({ leaseMs: 150 });
    const second = signal(2);
    await scheduler.scheduleTask({
      id: 'deaf',
      frequency: { milliseconds: 1 },
      timeout: { milliseconds: 1 },
      fn: () => {
        second.fire();
        return new Promise<void>(() => {});
      },
    });
    await second.fired;
    expect(logger.entries).toContainEqual(
      expect.objectContaining({ level: 'warn', message: expect.stringContaining('has not returned') }),
    );
  });

  test('triggers and cancels, in the same instance and in another one', async () => {
    const [one, other] = [await instance(), await instance()];
    // An instance that has no global task at all does not look into the database for those of others.
    await other.scheduler.scheduleTask({ id: 'other', frequency: manual, timeout, fn() {} });
    for (const caller of [one, other]) {
      const begun = signal();
      const ended = signal<unknown>();
      const ending = new AbortController();
      await one.scheduler.scheduleTask({
        id: 'asked',
        frequency: manual,
        timeout,
        signal: ending.signal,
        fn: abort =>
          new Promise<void>((_resolve, reject) => {
            begun.fire();
            abort.addEventListener('abort', () => {
              ended.fire(abort.reason);
              reject(abort.reason);
            });
          }),
      });
      await expect(caller.scheduler.cancelTask('asked')).rejects.toThrow("The task 'asked' is not running");
      await caller.scheduler.triggerTask('asked');
      await begun.fired;
      await expect(caller.scheduler.triggerTask('asked')).rejects.toMatchObject({ name: 'ConflictError' });
      await caller.scheduler.cancelTask('asked');
      expect(await ended.fired).toMatchObject({ code: 'GR_TASK_CANCELLED' });
      ending.abort();
    }
    await expect(one.scheduler.triggerTask('unknown')).rejects.toMatchObject({ name: 'NotFoundError' });
    await expect(one.scheduler.cancelTask('\0')).rejects.toMatchObject({ name: 'NotFoundError' });
    await expect(one.scheduler.cancelTask('unknown')).rejects.toMatchObject({ name: 'NotFoundError' });
  });

  test('ends runs when it stops, and leaves them to others', async () => {
    const [one, other] = [await instance(), await instance()];
    const begun = signal();
    const reasons: unknown[] = [];
    await one.scheduler.scheduleTask({
      id: 'long',
      frequency: hourly,
      timeout,
      fn: abort =>
        new Promise<void>(resolve => {
          begun.fire();
          abort.addEventListener('abort', () => {
            reasons.push(abort.reason);
            resolve();
          });
        }),
    });
    await begun.fired;
    const taken = signal();
    await other.scheduler.scheduleTask({ id: 'long', frequency: hourly, timeout, fn: () => taken.fire() });
    await one.scheduler.stop();
    expect(reasons).toMatchObject([{ code: 'GR_TASK_STOPPED' }]);
    await taken.fired;
    expect(logger.entries.filter(entry => entry.level === 'error')).toEqual([]);
  });

  test('ends one schedule by its signal, and can have a new one of the same id', async () => {
    const { scheduler } = await instance();
    const ending = new AbortController();
    const [first, second] = [signal(), signal()];
    const task = { id: 'a', frequency: hourly, timeout };
    await scheduler.scheduleTask({ ...task, signal: ending.signal, fn: () => first.fire() });
    await expect(scheduler.scheduleTask({ ...task, fn() {} })).rejects.toMatchObject({
      code: 'GR_TASK_DUPLICATE',
    });
    await first.fired;
    ending.abort();
    await scheduler.scheduleTask({ ...task, frequency: { hours: 2 }, fn: () => second.fire() });
    await second.fired;
    await scheduler.scheduleTask({ ...task, id: 'never', signal: ending.signal, fn() {} });
    const early = new AbortController();
    await scheduler.scheduleTask({
      ...task,
      id: 'hardly',
      // Is asked for while the task is made.
      get timeout() {
        early.abort();
        return timeout;
      },
      signal: early.signal,
      fn() {},
    });
    // One of the same id can come only when the one before it has gone.
    await scheduler.scheduleTask({ ...task, id: 'hardly', fn() {} });
    expect(await scheduler.getScheduledTasks()).toHaveLength(2);
  });

  test('stops once the runs have ended whose schedules have', async () => {
    for (const scope of ['global', 'local'] as const) {
      const { scheduler } = await instance();
      const [own, begun, order] = [new AbortController(), signal(), new Array<string>()];
      const fn = async (abort: AbortSignal) => {
        begun.fire();
        await once(abort, 'abort');
        for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
        order.push('returned');
      };
      await scheduler.scheduleTask({ id: 'a', scope, frequency: hourly, timeout, signal: own.signal, fn });
      await begun.fired;
      own.abort();
      await scheduler.stop();
      expect(order).toEqual(['returned']);
    }
  });

  test('keeps the next time over a restart, and begins anew with another cadence', async () => {
    const first = await instance();
    const ran = signal();
    await first.scheduler.scheduleTask({ id: 'a', frequency: hourly, timeout, fn: () => ran.fire() });
    await ran.fired;
    await first.scheduler.stop();
    const second = await instance();
    const unexpected = jest.fn();
    await second.scheduler.scheduleTask({ id: 'a', frequency: hourly, timeout, fn: unexpected });
    const { nextRunAt } = await state(second.scheduler);
    expect(nextRunAt! - Date.now()).toBeGreaterThan(3_500_000);
    await second.scheduler.stop();
    expect(unexpected).not.toHaveBeenCalled();
    const third = await instance();
    const anew = signal();
    await third.scheduler.scheduleTask({ id: 'a', frequency: { hours: 2 }, timeout, fn: () => anew.fire() });
    await anew.fired;
  });

  test('goes by the clock of the database, whatever that of the instance shows', async () => {
    const wrong = Date.now() + 40 * 24 * 3_600_000;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(wrong);
    try {
      const { scheduler, knex } = await instance();
      const ran = signal();
      await scheduler.scheduleTask({ id: 'a', frequency: hourly, timeout, fn: () => ran.fire() });
      await ran.fired;
      await scheduler.scheduleTask({ id: 'b', frequency: { cron: '0 0 1 1 *' }, timeout, fn() {} });
      await scheduler.stop();
      clock.mockRestore();
      const [a] = await (await knex())(tasksTable).where('id', 'a');
      const lead = Number(a.next_run_at) - Date.now();
      expect(lead).toBeGreaterThan(3_500_000);
      expect(lead).toBeLessThanOrEqual(3_600_000);
    } finally {
      clock.mockRestore();
    }
  });

  test('aborts a run whose lease is gone, with the reason', async () => {
    const { scheduler, knex } = await instance({ leaseMs: 900 });
    const begun = signal();
    const lost = signal<unknown>();
    await scheduler.scheduleTask({
      id: 'a',
      frequency: hourly,
      timeout,
      fn: abort =>
        new Promise<void>(resolve => {
          begun.fire();
          abort.addEventListener('abort', () => {
            lost.fire(abort.reason);
            resolve();
          });
        }),
    });
    await begun.fired;
    await (await knex())(tasksTable).update({ holder: 'somebody else' });
    expect(await lost.fired).toMatchObject({
      code: 'GR_LEASE_LOST',
      message: expect.stringContaining('another instance holds it'),
    });
  });

  test('takes no run for that of a lost instance which has ended since another one saw it', async () => {
    const one = await instance({ leaseMs: 1_200 });
    const [begun, ended, ran] = [signal(), signal(), signal()];
    const task = { id: 'a', frequency: { milliseconds: 300 }, timeout };
    await one.scheduler.scheduleTask({ ...task, fn: () => (begun.fire(), ended.fired) });
    await begun.fired;
    const other = await instance({ leaseMs: 1_200 });
    await other.scheduler.scheduleTask({ ...task, fn: () => ran.fire() });
    ended.fire();
    await one.scheduler.stop();
    await ran.fired;
    await other.scheduler.stop();
    expect(logger.entries.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  test('runs local tasks in each instance, without a database', async () => {
    const [one, other] = [await instance(), await instance()];
    for (const { scheduler, connections } of [one, other]) {
      await connections.close();
      const twice = signal(2);
      const cancelled = signal<unknown>();
      await scheduler.scheduleTask({
        id: 'local',
        scope: 'local',
        frequency: { milliseconds: 1 },
        timeout,
        fn: () => twice.fire(),
      });
      const begun = signal();
      await scheduler.scheduleTask({
        id: 'asked',
        scope: 'local',
        frequency: manual,
        timeout,
        fn: abort =>
          new Promise<void>(resolve => {
            begun.fire();
            abort.addEventListener('abort', () => {
              cancelled.fire(abort.reason);
              resolve();
            });
          }),
      });
      await expect(scheduler.cancelTask('asked')).rejects.toMatchObject({ name: 'ConflictError' });
      await scheduler.triggerTask('asked');
      await begun.fired;
      await expect(scheduler.triggerTask('asked')).rejects.toMatchObject({ name: 'ConflictError' });
      await scheduler.cancelTask('asked');
      expect(await cancelled.fired).toMatchObject({ code: 'GR_TASK_CANCELLED' });
      await expect(scheduler.triggerTask('unknown')).rejects.toMatchObject({ name: 'NotFoundError' });
      await twice.fired;
      expect(await scheduler.describeTasks()).toMatchObject([{ id: 'local' }, { id: 'asked' }]);
    }
  });

  test('waits for the initial delay, unless triggered', async () => {
    const { scheduler } = await instance();
    for (const scope of ['global', 'local'] as const) {
      const ran = signal();
      await scheduler.scheduleTask({
        id: scope,
        scope,
        frequency: hourly,
        timeout,
        initialDelay: { hours: 1 },
        fn: () => ran.fire(),
      });
      const waiting = (await scheduler.describeTasks()).find(task => task.id === scope)!;
      expect(waiting.progress).toMatchObject({ running: false, worker: 'initial-wait' });
      // Not before the delay is over, though nobody has run it yet.
      expect(waiting.progress.nextRunAt! - Date.now()).toBeGreaterThan(3_500_000);
      await scheduler.triggerTask(scope);
      await ran.fired;
    }
    const short = signal();
    const delayed = { id: 'short', frequency: hourly, timeout, initialDelay: { milliseconds: 20 } };
    await scheduler.scheduleTask({ ...delayed, fn: () => short.fire() });
    await short.fired;
    const { scheduler: early } = await instance({ started: false });
    for (const scope of ['global', 'local'] as const) {
      const initialDelay = { hours: 1 };
      await early.scheduleTask({ ...delayed, id: `early ${scope}`, scope, initialDelay, fn() {} });
    }
    await early.start();
    const workers = (await early.describeTasks()).map(({ progress }) => progress.worker);
    expect(workers).toEqual(['initial-wait', 'initial-wait']);
  });

  test('refuses a task without an id, and rejects where the database does', async () => {
    const { scheduler, connections } = await instance();
    const task = { frequency: hourly, timeout, fn() {} };
    await expect(scheduler.scheduleTask({ ...task, id: '' })).rejects.toMatchObject({
      code: 'GR_TASK_INVALID',
    });
    await connections.close();
    await expect(scheduler.scheduleTask({ ...task, id: 'a' })).rejects.toMatchObject({
      code: 'GR_DATABASE_CLOSED',
    });
    expect(await scheduler.getScheduledTasks()).toEqual([]);
  });
});
