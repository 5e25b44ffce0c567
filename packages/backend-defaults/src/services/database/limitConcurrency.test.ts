// How much work is let happen at a time, and in which order.
import { limitConcurrency } from './limitConcurrency';

it('runs so much at a time, in order, and goes on where some of it fails', async () => {
  const limit = limitConcurrency(2);
  const began: number[] = [];
  const finish: Array<(error?: Error) => void> = [];
  const works = [0, 1, 2, 3, 4].map(index =>
    limit(() => {
      began.push(index);
      return new Promise<number>((resolve, reject) => {
        finish[index] = error => (error ? reject(error) : resolve(index));
      });
    }),
  );
  const turn = () => new Promise(resolve => setImmediate(resolve));
  await turn();
  expect(began).toEqual([0, 1]);
  finish[1]!(new Error('failed'));
  await expect(works[1]).rejects.toThrow('failed');
  await turn();
  expect(began).toEqual([0, 1, 2]);
  finish[0]!();
  finish[2]!();
  await turn();
  expect(began).toEqual([0, 1, 2, 3, 4]);
  finish[3]!();
  finish[4]!();
  expect(await Promise.all(works.filter((_, index) => index !== 1))).toEqual([0, 2, 3, 4]);

  // Nothing is left counted.
  void limit(() => new Promise(() => {}));
  expect(await limit(async () => 'free')).toBe('free');
});
