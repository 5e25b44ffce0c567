// Local tasks by the clock of the machine, which is a fake one here.
import { MemoryLogger } from '../../testing/MemoryLogger';
import { LocalTask } from './LocalTask';
import { TaskSchedule } from './TaskSchedule';

const logger = new MemoryLogger();
const day = 24 * 3_600_000;

afterEach(() => jest.useRealTimers());

async function makeTask(
  cron: string | { seconds: number },
  now: Date,
  { work, ...more }: { initialDelay?: { minutes: number }; work?: () => Promise<void> } = {},
) {
  const schedule = await TaskSchedule.read({
    ...more,
    frequency: typeof cron === 'string' ? { cron } : cron,
    timeout: { minutes: 1 },
    scope: 'local',
  });
  jest.useFakeTimers({ now });
  const runs: number[] = [];
  const fn = () => {
    runs.push(Date.now());
    return work?.();
  };
  return { task: new LocalTask({ id: 'a', fn, schedule }, { logger, graceMs: 1_000 }), runs };
}

it('runs once for each time of a cron expression, also where the clock is set back while it waits', async () => {
  const { task, runs } = await makeTask('* * * * *', new Date(2030, 0, 1, 12, 0, 30));
  task.start();
  await jest.advanceTimersByTimeAsync(1);
  // As the clocks of machines are that ask others for the time.
  jest.setSystemTime(Date.now() - 50);
  await jest.advanceTimersByTimeAsync(31_000);
  expect(runs).toHaveLength(1);
  expect(task.progress.nextRunAt).toBe(new Date(2030, 0, 1, 12, 2).getTime());
  await task.stop('the test is over');
});

it('still comes at its time when it was triggered before', async () => {
  const at = new Date(2030, 0, 1, 12, 1).getTime();
  const { task, runs } = await makeTask('* * * * *', new Date(at - 5_000));
  task.start();
  await jest.advanceTimersByTimeAsync(1_000);
  task.trigger();
  await jest.advanceTimersByTimeAsync(4_500);
  expect(runs).toEqual([at - 4_000, at]);
  await task.stop('the test is over');
});

it('waits for longer than a timer can', async () => {
  const at = new Date(2030, 2, 1).getTime();
  const { task, runs } = await makeTask('0 0 1 3 *', new Date(at - 40 * day));
  task.start();
  await jest.advanceTimersByTimeAsync(40 * day - 1_000);
  expect(runs).toEqual([]);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(runs).toEqual([at]);
  await task.stop('the test is over');
});

it('is not there any more for a trigger once it was stopped', async () => {
  const { task, runs } = await makeTask({ seconds: 1 }, new Date());
  task.start();
  const stopped = task.stop('its schedule was ended');
  expect(() => task.trigger()).toThrow("There is no task 'a'");
  await stopped;
  expect(runs).toEqual([]);
});

it('runs at once at its start where it was triggered before, whatever its initial delay', async () => {
  const now = new Date(2030, 0, 1, 12, 0, 30);
  const { task, runs } = await makeTask('0 0 * * *', now, { initialDelay: { minutes: 10 } });
  task.trigger();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(runs).toEqual([]);
  task.start();
  await jest.advanceTimersByTimeAsync(1);
  expect(runs).toHaveLength(1);
  await task.stop('the test is over');
});

it('does not fill the log where a task without a pause fails', async () => {
  const work = () => Promise.reject(new Error('no connection'));
  const now = new Date(2030, 0, 1);
  const { task, runs } = await makeTask({ seconds: 0 }, now, { work });
  task.start();
  await jest.advanceTimersByTimeAsync(2_500);
  expect(runs.map(time => time - now.getTime())).toEqual([1, 1_001, 2_001]);
  await task.stop('the test is over');
});

it('has stopped once its run has ended, and leaves no timer', async () => {
  const work = () => new Promise<void>(resolve => setTimeout(resolve, 500));
  const { task, runs } = await makeTask('* * * * *', new Date(2030, 0, 1, 12, 0, 59), { work });
  task.start();
  await jest.advanceTimersByTimeAsync(1_100);
  expect(runs).toHaveLength(1);
  let hasStopped = false;
  void task.stop('the test says so').then(() => (hasStopped = true));
  await jest.advanceTimersByTimeAsync(100);
  expect(hasStopped).toBe(false);
  await jest.advanceTimersByTimeAsync(300);
  expect(hasStopped).toBe(true);
  expect(jest.getTimerCount()).toBe(0);
  expect(runs).toHaveLength(1);
});

it('stops without a run that ignores its signal', async () => {
  const work = () => new Promise<void>(() => {});
  const { task, runs } = await makeTask('* * * * *', new Date(2030, 0, 1, 12, 0, 59), { work });
  task.start();
  await jest.advanceTimersByTimeAsync(2_000);
  expect(runs).toHaveLength(1);
  let isStopped = false;
  void task.stop('the test is over', 100).then(() => (isStopped = true));
  await jest.advanceTimersByTimeAsync(99);
  expect(isStopped).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  expect(isStopped).toBe(true);
  expect(jest.getTimerCount()).toBe(0);
});

it('counts an interval from when the run began, whatever the clock is set to meanwhile', async () => {
  for (const setBy of [-day, -10_000, 10_000, day]) {
    let setAt: 'the run' | 'the wait' = 'the run';
    const work = async () => {
      if (setAt === 'the run') jest.setSystemTime(Date.now() + setBy);
    };
    const { task } = await makeTask({ seconds: 60 }, new Date(2030, 0, 1, 12, 0), { work });
    const begun: number[] = [];
    jest.spyOn(task.task, 'fn').mockImplementation(async () => {
      begun.push(performance.now());
      await work();
    });
    task.start();
    await jest.advanceTimersByTimeAsync(90_000);
    setAt = 'the wait';
    jest.setSystemTime(Date.now() + setBy);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(begun.map(at => at - begun[0]!)).toEqual([0, 60_000, 120_000]);
    await task.stop('the test is over');
    jest.useRealTimers();
  }
});

it('waits as long as its initial delay, whatever the clock is set to meanwhile', async () => {
  const now = new Date(2030, 0, 1, 12, 0);
  const { task, runs } = await makeTask({ seconds: 60 }, now, { initialDelay: { minutes: 2_000 } });
  task.start();
  await jest.advanceTimersByTimeAsync(1_000 * 60_000);
  jest.setSystemTime(Date.now() + 2 * day);
  await jest.advanceTimersByTimeAsync(999 * 60_000);
  expect(runs).toHaveLength(0);
  await jest.advanceTimersByTimeAsync(61_000);
  expect(runs).toHaveLength(1);
  await task.stop('the test is over');
});

it('comes within a minute after its time where the clock is set forward past that, as that of a laptop that slept', async () => {
  const noon = new Date(2030, 0, 1, 12, 0);
  const { task, runs } = await makeTask('0 12 * * *', new Date(noon.getTime() - day / 2));
  task.start();
  await jest.advanceTimersByTimeAsync(30_000);
  jest.setSystemTime(noon.getTime() + 3_600_000);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(runs).toHaveLength(1);
  expect(task.progress.nextRunAt).toBe(noon.getTime() + day);
  await task.stop('the test is over');
});

it.each([60, 300])(
  'goes on every %d s where the clock is set back a day, in a run or before one',
  async seconds => {
    const noon = new Date(2030, 0, 1, 12, 0);
    const work = async () => void (runs.length === 1 && jest.setSystemTime(Date.now() - day));
    const { task, runs } = await makeTask(`*/${seconds / 60} * * * *`, noon, { work });
    task.start();
    await jest.advanceTimersByTimeAsync(100);
    jest.setSystemTime(Date.now() - day);
    await jest.advanceTimersByTimeAsync(seconds * 1_000 + 100);
    expect(runs).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(seconds * 1_000);
    expect(runs).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(10_000);
    jest.setSystemTime(Date.now() - day);
    await jest.advanceTimersByTimeAsync(seconds * 1_000);
    expect(runs).toHaveLength(3);
    await task.stop('the test is over');
  },
);
