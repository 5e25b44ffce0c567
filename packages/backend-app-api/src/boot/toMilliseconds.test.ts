// Tests of reading durations from the configuration.
import { ConfigReader } from '@backstage/config';
import type { EngineError } from '../errors';
import { readMilliseconds } from './readMilliseconds';

function read(value: unknown) {
  const problems: EngineError[] = [];
  const config = new ConfigReader({ wait: value as string });
  return { ms: readMilliseconds(config, 'wait', 'backend.startup', problems), problems };
}

it.each([
  [1, 1],
  [1_500, 1_500],
  ['10s', 10_000],
  ['PT1M', 60_000],
  [{ minutes: 1, seconds: 1 }, 61_000],
])('%j is %d milliseconds', (value, ms) => {
  expect(read(value)).toEqual({ ms, problems: [] });
});

it.each([0, -1, '0s', { seconds: 0 }, 'soon', true, { days: 'x' }])('%j is a problem', value => {
  const { ms, problems } = read(value);
  expect(ms).toBeUndefined();
  expect(problems.map(({ code, fields }) => [code, (fields as { key: string }).key])).toEqual([
    ['GR_STARTUP_CONFIG_INVALID', 'backend.startup.wait'],
  ]);
});

it('what is not given is neither', () => {
  const problems: EngineError[] = [];
  expect(readMilliseconds(undefined, 'wait', 'backend', problems)).toBeUndefined();
  expect(readMilliseconds(new ConfigReader({}), 'wait', 'backend', problems)).toBeUndefined();
  expect(problems).toEqual([]);
});
