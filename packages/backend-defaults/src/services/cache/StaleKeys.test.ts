// What is remembered of changes that a store was not told.
import { StaleKeys } from './StaleKeys';

it('gives each key once, and those that come meanwhile', async () => {
  const keys = new StaleKeys();
  ['a', 'b', 'a'].forEach(key => keys.add(key));
  const removed: string[] = [];
  const complete = await keys.flush(async key => {
    removed.push(key);
    if (key === 'a') keys.add('c');
  });
  expect([complete, removed]).toEqual([true, ['a', 'b', 'c']]);
  await keys.flush(async key => removed.push(key));
  expect(removed).toEqual(['a', 'b', 'c']);
});

it('keeps what could not be removed', async () => {
  const keys = new StaleKeys();
  keys.add('a');
  await expect(keys.flush(() => Promise.reject(new Error('no luck')))).rejects.toThrow('no luck');
  const removed: string[] = [];
  await keys.flush(async key => removed.push(key));
  expect(removed).toEqual(['a']);
});

it('says once that it could not remember all', async () => {
  const keys = new StaleKeys(2);
  ['a', 'b', 'c'].forEach(key => keys.add(key));
  const removed: string[] = [];
  expect(await keys.flush(async key => removed.push(key))).toBe(false);
  expect(removed).toEqual(['a', 'b']);
  keys.add('d');
  expect(await keys.flush(async key => removed.push(key))).toBe(true);
});
