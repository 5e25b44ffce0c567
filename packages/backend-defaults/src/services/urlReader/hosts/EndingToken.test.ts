// Tests when a token is asked for: once for all who wait, before its end, and again if it was refused.
import { EndingToken, type IssuedToken } from './EndingToken';

afterEach(() => jest.useRealTimers());

it('is asked for once by all who wait for it, even if it may not be used again', async () => {
  let asked = 0;
  let answer: (issued: IssuedToken) => void = () => {};
  const token = new EndingToken(() => {
    asked++;
    return new Promise(resolve => (answer = resolve));
  });
  const waiting = Array.from({ length: 100 }, () => token.get());
  answer({ token: 'short', usableUntil: 0 });
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['short']));
  expect(asked).toBe(1);
});

it('is asked for again when its time is over, as is whether there is one', async () => {
  jest.useFakeTimers({ now: 1_000 });
  let asked = 0;
  const answers = [
    { token: 'a', usableUntil: 2_000 },
    { token: undefined, usableUntil: 3_000 },
  ];
  const token = new EndingToken(async () => answers[asked++] ?? { token: 'c', usableUntil: 4_000 });
  const at = async (now: number) => {
    jest.setSystemTime(now);
    return [await token.get(), asked];
  };
  expect(await at(1_000)).toEqual(['a', 1]);
  expect(await at(1_999)).toEqual(['a', 1]);
  expect(await at(2_000)).toEqual([undefined, 2]);
  expect(await at(2_999)).toEqual([undefined, 2]);
  expect(await at(3_000)).toEqual(['c', 3]);
});

it('is asked for again if it was refused, but not more than once a minute', async () => {
  jest.useFakeTimers({ now: 1_000_000 });
  let asked = 0;
  const token = new EndingToken(async () => ({ token: `t${++asked}`, usableUntil: Infinity }));
  const after = async (milliseconds: number, refused: string) => {
    jest.setSystemTime(Date.now() + milliseconds);
    token.refuse(refused);
    return token.get();
  };
  expect(await token.get()).toBe('t1');
  expect(await after(59_999, 't1')).toBe('t1');
  expect(await after(1, 't1')).toBe('t2');
  // Somebody else had read with the first.
  expect(await after(60_000, 't1')).toBe('t2');
  expect(await after(0, 't2')).toBe('t3');
});

it('is asked for again if it was refused after the clock was set back', async () => {
  jest.useFakeTimers({ now: 1_000_000_000 });
  let asked = 0;
  const token = new EndingToken(async () => ({ token: `t${++asked}`, usableUntil: Infinity }));
  expect(await token.get()).toBe('t1');
  jest.setSystemTime(Date.now() - 24 * 3_600_000);
  token.refuse('t1');
  expect(await token.get()).toBe('t2');
});
