// What goes and what stays in a map with a bound.
import { setBounded } from './setBounded';

it('drops the oldest entry beyond the bound, and takes what is set again for the newest', () => {
  const map = new Map([['a', 1]]);
  setBounded(map, 'b', 2, 2);
  setBounded(map, 'a', 3, 2);
  expect([...map]).toEqual([
    ['b', 2],
    ['a', 3],
  ]);
  setBounded(map, 'c', 4, 2);
  expect([...map.keys()]).toEqual(['a', 'c']);
});
