// Global tasks on a table that answers late, or does not.
import { MemoryLogger } from '../../testing/MemoryLogger';
import { GlobalTasks } from './GlobalTasks';
import type { TaskRow, TaskTable } from './TaskTable';
import { TaskSchedule } from './TaskSchedule';

const leaseMs = 3_000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** With `ids` as tasks that are due, and a table where `acquire` and `more` answer as they are told. */
async function start(
  ids: readonly string[],
  acquire: (id: string) => Promise<number | undefined>,
  more: Partial<TaskTable> = {},
  work: (signal: AbortSignal) => Promise<void> = async () => {},
) {
  const row = (id: string): TaskRow => ({
    ...{ id, nextRunAt: 0, expiresAt: undefined, startedAt: undefined },
    ...{ lastEndedAt: undefined, lastError: undefined },
  });
  const table: Partial<TaskTable> = {
    clock: { now: () => Date.now() } as never,
    register: async id => row(id),
    list: async () => ids.map(id => ({ ...row(id), nextRunAt: Date.now() + 3_600_000 })),
    renew: async () => ({ kept: true, cancelled: false }),
    release: async id => ({ ...row(id), nextRunAt: Date.now() + 3_600_000 }),
    acquire: async id => {
      const startedAt = await acquire(id);
      return startedAt === undefined ? undefined : { ...row(id), startedAt };
    },
    ...more,
  };
  const tasks = new GlobalTasks({ table: table as TaskTable, leaseMs, logger: new MemoryLogger() });
  const begun: string[] = [];
  const schedule = await TaskSchedule.read(
    { frequency: { hours: 1 }, timeout: { minutes: 1 }, scope: 'global' },
    'any',
  );
  const fn = (id: string) => (signal: AbortSignal) => {
    begun.push(id);
    return work(signal);
  };
  for (const id of ids) await tasks.add({ id, schedule, fn: fn(id) });
  tasks.start();
  return { tasks, begun };
}

const after = <T>(milliseconds: number, value: T) =>
  new Promise<T>(resolve => setTimeout(() => resolve(value), milliseconds));

it('begins nothing whose lease may be over by the time at which the database tells of it', async () => {
  const { tasks, begun } = await start(['late', 'soon'], id => after(id === 'late' ? leaseMs : 1_000, 1));
  await jest.advanceTimersByTimeAsync(10_000);
  expect(begun).toEqual(['soon']);
  await tasks.stop('the test ends');
});

it('stops when all that it has asked for is answered, also where some of that has failed', async () => {
  const { tasks, begun } = await start(['late', 'refused'], id =>
    id === 'late' ? after(1_000, 1) : Promise.reject(new Error('no connection')),
  );
  await jest.advanceTimersByTimeAsync(500);
  let begunAtTheEnd: number | undefined;
  void tasks.stop('the test ends').then(() => (begunAtTheEnd = begun.length));
  await jest.advanceTimersByTimeAsync(10_000);
  expect(begunAtTheEnd).toBe(begun.length);
});

it('looks again after a failure in time, however many runs end meanwhile', async () => {
  let asked = 0;
  const acquire = async (id: string) => {
    if (id !== 'refused') return 1;
    asked += 1;
    throw new Error('no connection');
  };
  let running = 0;
  const work = () => after(++running * 400, undefined);
  const { tasks } = await start(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'refused'], acquire, {}, work);
  await jest.advanceTimersByTimeAsync(2_900);
  // At the beginning, and then after a third of the lease each time.
  expect(asked).toBe(3);
  void tasks.stop('the test ends');
  await jest.advanceTimersByTimeAsync(10_000);
});

it('writes no end of a run that it could not keep, so that the task is taken over', async () => {
  const release = jest.fn(async () => undefined);
  const aborts: unknown[] = [];
  const untilAborted = (signal: AbortSignal) =>
    new Promise<void>(resolve =>
      signal.addEventListener('abort', () => {
        aborts.push(signal.reason);
        resolve();
      }),
    );
  const renew = () => Promise.reject(new Error('no connection'));
  const { tasks } = await start(['a'], async () => Date.now(), { renew, release }, untilAborted);
  await jest.advanceTimersByTimeAsync(leaseMs);
  expect(aborts).toMatchObject([{ code: 'GR_LEASE_LOST' }]);
  expect(release).not.toHaveBeenCalled();
  await tasks.stop('the test ends');
});

it.each<[string, (tasks: GlobalTasks) => Promise<void>]>([
  ['ends the schedule of a task', tasks => tasks.remove('slow', 'the test says so')],
  ['stops', tasks => tasks.stop('the test says so')],
])('%s when its run has ended', async (_, end) => {
  // Takes a second to clean up.
  const slowly = (signal: AbortSignal) =>
    new Promise<void>(resolve =>
      signal.addEventListener('abort', () => void after(1_000, 1).then(() => resolve())),
    );
  const { tasks, begun } = await start(['slow'], async () => Date.now(), {}, slowly);
  await jest.advanceTimersByTimeAsync(100);
  expect(begun).toEqual(['slow']);
  let hasEnded = false;
  void end(tasks).then(() => (hasEnded = true));
  await jest.advanceTimersByTimeAsync(900);
  expect(hasEnded).toBe(false);
  await jest.advanceTimersByTimeAsync(200);
  expect(hasEnded).toBe(true);
  await tasks.stop('the test ends');
});

it('ends at once what begins when its schedule has ended', async () => {
  const signals: AbortSignal[] = [];
  const { tasks } = await start(
    ['a'],
    () => after(1_000, 1),
    {},
    async signal => void signals.push(signal),
  );
  await jest.advanceTimersByTimeAsync(500);
  await tasks.remove('a', 'the test says so');
  await jest.advanceTimersByTimeAsync(1_000);
  expect(signals.filter(({ aborted }) => !aborted)).toEqual([]);
  await tasks.stop('the test ends');
});

it.each<[string, (tasks: GlobalTasks) => Promise<void>]>([
  ['', async () => {}],
  [', also where its schedule has ended before', tasks => tasks.remove('deaf', 'the test says so')],
  [', also where it was cancelled before', tasks => tasks.cancel('deaf')],
])(
  'stops without a run that ignores its signal%s, and keeps others from beginning it at once',
  async (_, before) => {
    const released: string[] = [];
    const release: TaskTable['release'] = async id => void released.push(id) as never;
    const deaf = () => new Promise<void>(() => {});
    const { tasks, begun } = await start(['deaf'], async () => 1, { release }, deaf);
    await jest.advanceTimersByTimeAsync(10);
    expect(begun).toEqual(['deaf']);
    void before(tasks);
    let isStopped = false;
    void tasks.stop('the test ends', 100).then(() => (isStopped = true));
    await jest.advanceTimersByTimeAsync(99);
    expect(isStopped).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(isStopped).toBe(true);
    expect(released).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  },
);
