// What the configuration of the scheduler may be.
import { ConfigReader } from '@backstage/config';
import { InstanceLease } from '../../InstanceLease';
import { readLeaseDuration, readStopTimeout } from './config';

const read = (leaseDuration: string) =>
  readLeaseDuration(new ConfigReader({ backend: { scheduler: { leaseDuration } } }));

it('refuses a lease that is shorter than a second', () => {
  expect(read('1s')).toBe(1_000);
  expect(() => read('999ms')).toThrow('backend.scheduler.leaseDuration');
});

it('keeps a lease that is longer than a timer can wait', async () => {
  const store = { acquire: async () => true, renew: async () => true };
  const lease = await InstanceLease.acquire(store, { name: 'a test', durationMs: read('P30D') });
  const lost = new Promise(resolve => lease!.signal.addEventListener('abort', resolve));
  const soon = new Promise(resolve => setTimeout(() => resolve('kept'), 20));
  expect(await Promise.race([lost, soon])).toBe('kept');
  await lease!.release(async () => {});
});

it.each([
  [{}, 0, 10_000],
  [{ shutdownHookTimeout: '1m', shutdownTimeout: '2m' }, 0, 10_000],
  [{ shutdownHookTimeout: '3s' }, 1_000, 2_000],
  [{ shutdownTimeout: '3s' }, 0, 2_000],
  [{ shutdownTimeout: '3s' }, 1_500, 1_000],
  [{ shutdownTimeout: '3s', serverShutdownDelay: '6s' }, 6_000, 2_000],
  [{ shutdownTimeout: '3s' }, 4_000, 0],
  [{}, 27_000, 2_000],
])('with %j waits for runs, %d ms after the stop began, for %d ms', (lifecycle, elapsed, expected) => {
  expect(readStopTimeout(new ConfigReader({ backend: { lifecycle } }))(elapsed)).toBe(expected);
});
