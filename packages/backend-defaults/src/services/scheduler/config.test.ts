// What the configuration of the scheduler may be.
import { ConfigReader } from '@backstage/config';
import { InstanceLease } from '../../InstanceLease';
import { readLeaseDuration } from './config';

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
