// Global tasks on a table that answers late, or does not.
import { MemoryLogger } from '../../testing/MemoryLogger';
import { GlobalTasks } from './GlobalTasks';
import type { TaskRow, TaskTable } from './TaskTable';
import { TaskSchedule } from './TaskSchedule';

const leaseMs = 3_000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** With `ids` as tasks that are due, and a table where `acquire` answers as it is told. */
async function start(ids: readonly string[], acquire: (id: string) => Promise<number | undefined>) {
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
  };
  const tasks = new GlobalTasks({ table: table as TaskTable, leaseMs, logger: new MemoryLogger() });
  const begun: string[] = [];
  const schedule = await TaskSchedule.read(
    { frequency: { hours: 1 }, timeout: { minutes: 1 }, scope: 'global' },
    'any',
  );
  for (const id of ids) await tasks.add({ id, schedule, fn: () => void begun.push(id) });
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
