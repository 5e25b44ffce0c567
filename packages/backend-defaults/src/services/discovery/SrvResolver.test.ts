// Which record is chosen, and when DNS is asked.
import type { SrvRecord } from 'node:dns';
import { SrvResolver } from './SrvResolver';

const record = (name: string, priority: number, weight: number): SrvRecord => ({
  name,
  priority,
  weight,
  port: 80,
});

it.each([
  [0, 'a'],
  [0.24, 'a'],
  [0.26, 'b'],
  [0.99, 'b'],
])('chooses the lowest priority, then by weight: %d', async (random, name) => {
  const records = [record('backup', 2, 100), record('a', 1, 1), record('b', 1, 3)];
  const resolver = new SrvResolver({ resolveSrv: async () => records, random: () => random });
  expect(await resolver.resolve('x')).toBe(`${name}:80`);
});

it('chooses evenly where nothing has a weight, and writes names as URLs have them', async () => {
  const records = [record('a.', 1, 0), record('::1', 1, 0), record('.', 0, 0), record('', 0, 0)];
  const names = [0, 0.9].map(random =>
    new SrvResolver({ resolveSrv: async () => records, random: () => random }).resolve('x'),
  );
  expect(await Promise.all(names)).toEqual(['a:80', '[::1]:80']);
});

it('asks once at a time and once in 5 s, and bridges 5 minutes without DNS', async () => {
  const start = 1_000_000;
  let time = start;
  let calls = 0;
  let works = true;
  const resolver = new SrvResolver({
    now: () => time,
    resolveSrv: async () => {
      calls++;
      if (!works) throw new Error('SERVFAIL');
      return [record('a', 1, 1)];
    },
  });
  await Promise.all([resolver.resolve('x'), resolver.resolve('x')]);
  time = start + 4_999;
  await resolver.resolve('x');
  expect(calls).toBe(1);
  works = false;
  time = start + 5_000;
  expect(await resolver.resolve('x')).toBe('a:80');
  expect(calls).toBe(2);
  time = start + 299_999;
  expect(await resolver.resolve('x')).toBe('a:80');
  time = start + 300_000;
  await expect(resolver.resolve('x')).rejects.toThrow('SERVFAIL');
});

it('remembers a thousand records, and forgets those that nobody asked for any more', async () => {
  const asked: string[] = [];
  const resolver = new SrvResolver({
    now: () => 0,
    resolveSrv: async name => {
      asked.push(name);
      return [record('a', 1, 1)];
    },
  });
  for (let index = 0; index <= 1_000; index++) await resolver.resolve(`stranger-${index}`);
  expect(asked).toHaveLength(1_001);
  await resolver.resolve('stranger-1');
  expect(asked).toHaveLength(1_001);
  await resolver.resolve('stranger-0');
  expect(asked).toHaveLength(1_002);
});

it('asks again where the clock of the machine was set back', async () => {
  let calls = 0;
  jest.useFakeTimers({ now: 1e12 });
  const resolver = new SrvResolver({ resolveSrv: async () => [record(String(++calls), 1, 1)] });
  try {
    await resolver.resolve('x');
    jest.setSystemTime(1e12 - 3_600_000);
    jest.advanceTimersByTime(5_000);
    expect(await resolver.resolve('x')).toBe('2:80');
  } finally {
    jest.useRealTimers();
  }
});
