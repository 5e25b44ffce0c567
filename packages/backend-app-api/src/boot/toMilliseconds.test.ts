// Tests of reading durations from the configuration.
import { toMilliseconds } from './toMilliseconds';

it.each([
  [0, 0],
  ['0', 0],
  ['0s', 0],
  [{ seconds: 0 }, 0],
  [1, 1],
  [1_500, 1_500],
  ['10s', 10_000],
  ['1500', 1_500],
  ['PT1M', 60_000],
  [{ minutes: 1, seconds: 1 }, 61_000],
])('%j is %d milliseconds', (value, ms) => {
  expect(toMilliseconds(value)).toBe(ms);
});

it.each([-1, '-1', '-1s', [1], 'soon', true, { days: 'x' }])('%j is not a duration', value => {
  expect(toMilliseconds(value)).toBeUndefined();
});
