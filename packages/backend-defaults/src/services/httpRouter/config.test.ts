// How long requests wait for a plugin.
import { ConfigReader } from '@backstage/config';
import { readStartupRequestPauseTimeout } from './config';

it('is 5 s, or what is configured', () => {
  const read = (lifecycle: object) =>
    readStartupRequestPauseTimeout(new ConfigReader({ backend: { lifecycle: { ...lifecycle } } }));
  expect(read({})).toBe(5_000);
  expect(read({ startupRequestPauseTimeout: 0 })).toBe(0);
  expect(read({ startupRequestPauseTimeout: { seconds: 2 } })).toBe(2_000);
  expect(() => read({ startupRequestPauseTimeout: 'soon' })).toThrow(
    'backend.lifecycle.startupRequestPauseTimeout is not a duration',
  );
});
