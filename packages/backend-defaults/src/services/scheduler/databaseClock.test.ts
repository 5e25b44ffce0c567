// Global tasks of two instances where the clock of their database is set, forward or back.
import { MemoryLogger } from '../../testing/MemoryLogger';
import { DatabaseClock } from './DatabaseClock';
import { GlobalTasks } from './GlobalTasks';
import { TaskSchedule } from './TaskSchedule';
import type { TaskRow, TaskTable } from './TaskTable';

const leaseMs = 30_000;
const [minute, day, year] = [60_000, 86_400_000, 365 * 86_400_000];

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** One task in a table, with the statements of the real one; the clock is the database's. */
class Database {
  // Without a zone, because minutes of cron are those of the local time.
  clock = Date.parse('2030-01-01T12:00:00') - performance.now();
  readonly row: TaskRow & { holder?: string };

  constructor(row: Partial<TaskRow> = {}) {
    this.row = { id: 'a', nextRunAt: 0, expiresAt: undefined, startedAt: undefined, ...row } as TaskRow;
  }

  get now(): number {
    return Math.floor(this.clock + performance.now());
  }

  /** As one instance has it. */
  open(): TaskTable {
    const clock = new DatabaseClock();
    clock.set(this.now);
    const { row } = this;
    const answer = () => {
      clock.set(this.now);
      return { ...row };
    };
    const table: Partial<TaskTable> = {
      clock,
      register: async (_id, _cadence, first) => {
        if (row.nextRunAt === 0) row.nextRunAt = first;
        return answer();
      },
      list: async () => [answer()],
      acquire: async (_id, holder, duration, lost) => {
        const isDue = row.expiresAt === undefined && row.nextRunAt! <= this.now;
        const isLost = row.expiresAt !== undefined && row.expiresAt === lost?.expiresAt;
        if (!isDue && !(isLost && (row.expiresAt! <= this.now || lost.isSilent))) return undefined;
        Object.assign(row, { holder, startedAt: this.now, expiresAt: this.now + duration });
        return answer();
      },
      renew: async (_id, holder, duration) => {
        const kept = row.holder === holder;
        if (kept) row.expiresAt = this.now + duration;
        return { kept, cancelled: false };
      },
      release: async (_id, holder, { nextRunAt }) => {
        if (row.holder !== holder) return undefined;
        Object.assign(row, { holder: undefined, expiresAt: undefined, lastEndedAt: this.now, nextRunAt });
        return answer();
      },
      trigger: async () => {
        if (row.expiresAt !== undefined && row.expiresAt > this.now) return 'running';
        row.nextRunAt = this.now;
        return answer();
      },
      reschedule: async (_id, _cadence, { from, to }) => {
        if (row.expiresAt !== undefined || row.nextRunAt !== from) return undefined;
        row.nextRunAt = to;
        return answer();
      },
    };
    return table as TaskTable;
  }
}

/** So many instances. Tells when each run began and ended, by a clock that nobody sets. */
async function start(database: Database, frequency: object, workMs = 1_000, count = 2) {
  const runs: Array<{ begin: number; end?: number }> = [];
  const schedule = await TaskSchedule.read({ frequency, timeout: { days: 1 } } as never, 'a');
  const fn = (signal: AbortSignal) =>
    new Promise<void>(resolve => {
      const run: (typeof runs)[number] = { begin: performance.now() };
      runs.push(run);
      const end = () => {
        run.end = performance.now();
        resolve();
      };
      setTimeout(end, workMs);
      signal.addEventListener('abort', end);
    });
  const logger = new MemoryLogger();
  const instances: GlobalTasks[] = [];
  const startInstance = async () => {
    const tasks = new GlobalTasks({ table: database.open(), leaseMs, logger });
    await tasks.add({ id: 'a', schedule, fn });
    tasks.start();
    instances.push(tasks);
    // So that they do not look at the same time.
    await jest.advanceTimersByTimeAsync(7_000);
  };
  while (instances.length < count) await startInstance();
  const stop = () => Promise.all(instances.map(tasks => tasks.stop('the test ends')));
  return { runs, stop, logger, instances, startInstance };
}

it.each([10_000, 5 * minute, day])(
  'keeps a task that runs to its instance where the clock is set forward by %d ms',
  async setBy => {
    for (let second = 0; second < 31; second++) {
      const database = new Database();
      const { runs, stop } = await start(database, { days: 2 }, 10 * minute);
      await jest.advanceTimersByTimeAsync(2 * minute + second * 1_000);
      database.clock += setBy;
      await jest.advanceTimersByTimeAsync(2 * minute);
      expect(runs).toEqual([{ begin: expect.any(Number) }]);
      void stop();
      await jest.advanceTimersByTimeAsync(leaseMs);
    }
  },
);

it('leaves a task that runs to its instance where another one starts after the clock was set forward', async () => {
  const database = new Database();
  const { runs, startInstance, stop } = await start(database, { days: 2 }, 10 * minute, 1);
  await jest.advanceTimersByTimeAsync(6_000);
  database.clock += 5 * minute;
  await startInstance();
  await jest.advanceTimersByTimeAsync(2 * minute);
  expect(runs).toHaveLength(1);
  void stop();
  await jest.advanceTimersByTimeAsync(leaseMs);
});

it.each([10_000, 5 * minute, day, year])(
  'runs a task on as before where the clock is set back by %d ms, in a wait or in a run',
  async setBy => {
    for (const frequency of [{ minutes: 2 }, { cron: '*/2 * * * *' }]) {
      const database = new Database();
      const { runs, stop, logger } = await start(database, frequency, 10_000);
      await jest.advanceTimersByTimeAsync(3 * minute);
      database.clock -= setBy;
      const before = runs.length;
      await jest.advanceTimersByTimeAsync(2 * minute + leaseMs + 15_000);
      expect(runs.length).toBeGreaterThan(before);
      while (runs.at(-1)!.end !== undefined) await jest.advanceTimersByTimeAsync(1_000);
      database.clock -= setBy;
      const again = runs.length;
      await jest.advanceTimersByTimeAsync(2 * minute + leaseMs + 15_000);
      expect(runs.length).toBeGreaterThan(again);
      const told = logger.entries.filter(({ message }) => message.includes('was set back'));
      expect(told.length > 0).toBe(setBy > 10_000);
      void stop();
      await jest.advanceTimersByTimeAsync(leaseMs);
    }
  },
);

it('does not run at a time that comes again, shortly after', async () => {
  const database = new Database();
  const { runs, stop } = await start(database, { cron: '5 * * * *' });
  await jest.advanceTimersByTimeAsync(6 * minute);
  expect(runs).toHaveLength(1);
  database.clock -= 5 * minute;
  await jest.advanceTimersByTimeAsync(10 * minute);
  expect(runs).toHaveLength(1);
  await stop();
});

it('takes over from an instance that is dead where the clock was set back a year, after an hour', async () => {
  const at = Date.parse('2031-01-01T12:00:00Z');
  const database = new Database({ nextRunAt: at, startedAt: at, expiresAt: at + leaseMs });
  const { runs, stop } = await start(database, { minutes: 2 });
  await jest.advanceTimersByTimeAsync(55 * minute);
  expect(runs).toEqual([]);
  await jest.advanceTimersByTimeAsync(7 * minute);
  expect(runs.length).toBeGreaterThan(0);
  await stop();
});

it('takes over from an instance that is dead when its lease is over', async () => {
  const database = new Database();
  const now = database.now;
  Object.assign(database.row, { nextRunAt: now, startedAt: now, expiresAt: now + 20_000 });
  const { runs, stop } = await start(database, { minutes: 2 });
  await jest.advanceTimersByTimeAsync(20_000 - 14_000 - 1_000);
  expect(runs).toEqual([]);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(runs).toHaveLength(1);
  await stop();
});

it('takes over from an instance that is dead no later where its task is triggered meanwhile', async () => {
  const database = new Database();
  const past = database.now - minute;
  Object.assign(database.row, { nextRunAt: past, startedAt: past, expiresAt: past });
  const { runs, instances, stop } = await start(database, { days: 2 }, 1_000, 1);
  for (let second = 7; second < 13; second += 3) {
    await instances[0]!.trigger('a');
    await jest.advanceTimersByTimeAsync(3_000);
  }
  expect(runs).toHaveLength(1);
  await stop();
});
