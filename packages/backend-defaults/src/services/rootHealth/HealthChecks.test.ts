// Tests of running checks: what probes wait for, how often checks run, and what is told of them.
import { MemoryLogger } from '../../testing/MemoryLogger';
import { HealthChecks } from './HealthChecks';

const maxAge = 5_000;
let logger: MemoryLogger;
let checks: HealthChecks;

beforeEach(() => {
  jest.useFakeTimers();
  logger = new MemoryLogger();
  checks = new HealthChecks({ logger, maxAge });
});
afterEach(() => jest.useRealTimers());

const told = () => logger.entries.map(({ level, message }) => `${level} ${message}`);

it('the first probe waits for the result; others within the time use it', async () => {
  const check = jest.fn();
  checks.add({ name: 'a', check });
  for (let probe = 0; probe < 100; probe++) {
    expect(await checks.results()).toEqual([{ name: 'a', status: 'ok' }]);
  }
  expect(check).toHaveBeenCalledTimes(1);
});

it('probes that come together share one run', async () => {
  let done = () => {};
  const check = jest.fn(() => new Promise<void>(resolve => (done = resolve)));
  checks.add({ name: 'a', check });
  const probes = [checks.results(), checks.results()];
  done();
  await Promise.all(probes);
  expect(check).toHaveBeenCalledTimes(1);
});

it('a check whose timeout is longer than a timer can wait has time', async () => {
  checks.add({
    name: 'a',
    check: () => new Promise(resolve => setTimeout(resolve, 60_000)),
    timeout: Infinity,
  });
  const probe = checks.results();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(await probe).toEqual([{ name: 'a', status: 'ok' }]);
});

it('a later probe gets the old result at once, and the next one the new', async () => {
  let failing = false;
  checks.add({
    name: 'a',
    async check() {
      if (failing) throw new Error('password hunter2 refused');
    },
  });
  await checks.results();
  failing = true;
  await jest.advanceTimersByTimeAsync(maxAge);
  expect(await checks.results()).toEqual([{ name: 'a', status: 'ok' }]);
  await jest.advanceTimersByTimeAsync(0);
  expect(await checks.results()).toEqual([{ name: 'a', status: 'failed' }]);
});

it('what hangs has failed after its time, and its signal is aborted', async () => {
  let seen: AbortSignal | undefined;
  checks.add({
    name: 'hangs',
    timeout: 50,
    check({ signal }) {
      seen = signal;
      return new Promise(() => {});
    },
  });
  const results = checks.results();
  await jest.advanceTimersByTimeAsync(60);
  expect(await results).toEqual([{ name: 'hangs', status: 'failed' }]);
  expect(seen!.aborted).toBe(true);
});

it('an outage is logged once with its reason, and its end once', async () => {
  let failing = true;
  checks.add({
    name: 'a',
    check() {
      if (failing) throw new Error('no route');
    },
  });
  for (let round = 0; round < 6; round++) {
    failing = round < 3;
    await checks.results();
    await jest.advanceTimersByTimeAsync(maxAge);
  }
  expect(told()).toEqual(["warn The health check 'a' fails", "info The health check 'a' succeeds again"]);
  expect(logger.entries[0]!.meta.error).toMatchObject({ message: 'no route' });
});

it('names are unique, until they are removed', async () => {
  const remove = checks.add({ name: 'a', check() {} });
  expect(() => checks.add({ name: 'a', check() {} })).toThrow("'a' already");
  remove();
  checks.add({ name: 'a', check() {} });
  // The check of that name is another one by now.
  remove();
  expect(await checks.results()).toHaveLength(1);
});
