// Tests how long a promise is waited for.
import { DeadlinePassed, withDeadline } from './withDeadline';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const outcomeOf = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);
const never = () => new Promise<never>(() => {});

it('ends when the time is up, and says how long that was', async () => {
  const outcome = outcomeOf(withDeadline(never(), 50));
  await jest.advanceTimersByTimeAsync(51);
  expect(await outcome).toEqual(new DeadlinePassed(50));
  expect(await outcome).toMatchObject({ message: 'there was no answer within 50 ms' });
});

it.each([3_000_000_000, Infinity])('waits for %d ms as long as a timer can', async milliseconds => {
  let settled = false;
  void outcomeOf(withDeadline(never(), milliseconds)).then(() => (settled = true));
  await jest.advanceTimersByTimeAsync(24 * 24 * 3_600_000);
  expect(settled).toBe(false);
});

it('leaves no timer behind an answer or a failure', async () => {
  expect(await withDeadline(Promise.resolve('a'), 50)).toBe('a');
  await expect(withDeadline(Promise.reject(new Error('no')), 50)).rejects.toThrow('no');
  expect(jest.getTimerCount()).toBe(0);
});

it('takes an answer that has come in the same turn as the deadline', async () => {
  let answer!: (value: string) => void;
  const asked = withDeadline(new Promise<string>(resolve => (answer = resolve)), 50);
  jest.advanceTimersByTime(50);
  answer('just in time');
  await jest.advanceTimersByTimeAsync(0);
  expect(await asked).toBe('just in time');
});
