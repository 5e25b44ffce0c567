// Schedules as plugins write them, and when they come true.
import type { SchedulerServiceTaskScheduleDefinition } from '@greenroom/backend-plugin-api';
import { Duration } from 'luxon';
import { TaskSchedule } from './TaskSchedule';

const timeout = { minutes: 1 };
const read = (frequency: unknown, more: object = {}) =>
  TaskSchedule.read({ frequency, timeout, ...more } as SchedulerServiceTaskScheduleDefinition, 'refresh');

it.each([
  [{ minutes: 10 }, 'PT10M'],
  [{ hours: 1, minutes: 30 }, 'PT1H30M'],
  [{ milliseconds: 1500 }, 'PT1.5S'],
  [{ seconds: 0 }, 'PT0S'],
  [Duration.fromISO('P1D'), 'PT24H'],
  [{ cron: '*/5 * * * *' }, '*/5 * * * *'],
  [{ cron: '30 0 12 * * 1-5' }, '30 0 12 * * 1-5'],
  [{ trigger: 'manual' }, 'manual'],
])('tells the cadence of %j', async (frequency, cadence) => {
  const schedule = await read(frequency);
  expect(schedule.settings).toEqual({ version: 2, cadence, timeoutAfterDuration: 'PT1M' });
  expect(schedule).toMatchObject({ scope: 'global', timeoutMs: 60_000, initialDelayMs: 0 });
});

it('takes timeout, delay and scope', async () => {
  const schedule = await read(
    { seconds: 1 },
    { initialDelay: Duration.fromMillis(5_000), timeout: Duration.fromMillis(1_000), scope: 'local' },
  );
  expect(schedule).toMatchObject({ scope: 'local', timeoutMs: 1_000, initialDelayMs: 5_000 });
  expect(schedule.settings).toMatchObject({ initialDelayDuration: 'PT5S', timeoutAfterDuration: 'PT1S' });
  expect((await read({ seconds: 1 }, { initialDelay: {} })).settings.initialDelayDuration).toBe('PT0S');
});

it('counts an interval from start to start, and does not catch up on what was missed', async () => {
  const schedule = await read({ seconds: 10 });
  expect(schedule.firstRun(5_000)).toBe(5_000);
  expect(schedule.nextRun(5_000, 7_000)).toBe(15_000);
  expect(schedule.nextRun(5_000, 50_000)).toBe(50_000);
  expect(schedule.nextRun(5_000, 7_000, { dueAt: 3_600_000 })).toBe(15_000);
});

it('comes again as soon as a run has ended where the frequency is zero', async () => {
  const never = { minutes: 0 };
  for (const scope of ['global', 'local'] as const) {
    const schedule = await read(never, { scope });
    expect(schedule.nextRun(5_000, 7_000)).toBe(7_000);
    expect(schedule.nextRun(5_000, 7_000, { failed: true })).toBe(7_000);
    // Each run of a global task costs statements, and one that fails an entry in the log.
    expect(schedule.nextRun(5_000, 5_001)).toBe(scope === 'global' ? 6_000 : 5_001);
    expect(schedule.nextRun(5_000, 5_001, { failed: true })).toBe(6_000);
  }
});

it('reads cron expressions in the time zone of the process, seconds included', async () => {
  const noon = await read({ cron: '0 12 * * *' });
  const before = new Date(2026, 4, 1, 11, 0).getTime();
  const at = new Date(2026, 4, 1, 12, 0).getTime();
  expect(noon.firstRun(before)).toBe(at);
  expect(noon.nextRun(at, at)).toBe(new Date(2026, 4, 2, 12, 0).getTime());
  // A run for noon that began a little early, by a clock that was set back or a timer that was short.
  expect(noon.nextRun(at - 20, at - 10, { dueAt: at })).toBe(new Date(2026, 4, 2, 12, 0).getTime());
  expect(noon.nextRun(at + 20, at - 10)).toBe(new Date(2026, 4, 2, 12, 0).getTime());
  expect(noon.nextRun(at - 20, at - 10)).toBe(at);
  const halfMinutes = await read({ cron: '30 * * * * *' });
  expect(halfMinutes.firstRun(at)).toBe(at + 30_000);
});

it('goes on where the clock was set back in a run, and passes over a time that comes again soon after', async () => {
  const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
  const at = new Date(2026, 4, 1, 12, 0).getTime();
  const interval = await read({ minutes: 10 });
  expect(interval.nextRun(at, at - day)).toBe(at - day + 10 * minute);
  const manual = await read({ trigger: 'manual' });
  expect(manual.nextRun(at, at - day)).toBeUndefined();
  const noon = await read({ cron: '0 12 * * *' });
  expect(noon.nextRun(at, at - 3 * hour)).toBe(at + day);
  // Then the clock was wrong before.
  expect(noon.nextRun(at, at - 3 * hour - 1)).toBe(at);
  expect(noon.nextRun(at, at - 10 * day)).toBe(at - 10 * day + day);
  // The time does not come again if another one comes first.
  const minutes = await read({ cron: '* * * * *' });
  expect(minutes.nextRun(at, at - minute)).toBe(at + minute);
  expect(minutes.nextRun(at, at - 5 * minute)).toBe(at - 4 * minute);
});

it('begins steps at the number before them', async () => {
  const quarters = await read({ cron: '5/15 * * * *' });
  const times = [0, 5, 20, 35, 50].map(minute => new Date(2026, 4, 1, 12, minute).getTime());
  expect(times.map(time => quarters.nextRun(time, time))).toEqual([
    ...times.slice(1),
    new Date(2026, 4, 1, 13, 5).getTime(),
  ]);
});

it('never runs a manual task by itself', async () => {
  const manual = await read({ trigger: 'manual' });
  expect(manual.firstRun(0)).toBeUndefined();
  expect(manual.nextRun(0, 1)).toBeUndefined();
});

it.each([
  [{ cron: 'every day' }, {}, "has the cron expression 'every day', which can't be read"],
  [{ cron: '* * * * * * *' }, {}, "which can't be read"],
  [{ cron: '0 0 30 2 *' }, {}, 'which never comes true'],
  [{ trigger: 'webhook' }, {}, "has the trigger 'webhook'"],
  [{ hours: 1, minute: 30 }, {}, 'has a frequency that is not a positive duration'],
  [{}, {}, 'has a frequency that is not a positive duration'],
  [{ minutes: -1 }, {}, 'has a frequency that is not a positive duration'],
  ['10m', {}, 'has a frequency that is not a positive duration'],
  [undefined, {}, 'has a frequency that is not a positive duration'],
  [{ minutes: 1 }, { timeout: undefined }, 'has a timeout that is not a positive duration'],
  [{ minutes: 1 }, { initialDelay: { minutes: -1 } }, 'has an initialDelay that is not a positive duration'],
  [{ minutes: 1 }, { scope: 'everywhere' }, "has the scope 'everywhere'"],
])('refuses %j with %j', async (frequency, more, problem) => {
  await expect(read(frequency, more)).rejects.toMatchObject({
    code: 'GR_TASK_INVALID',
    message: expect.stringMatching(/^The task 'refresh' /),
    what: expect.stringContaining(problem),
  });
});
