// Tests of suggesting an id: what is alike is found, and nothing silly is suggested.
import fc from 'fast-check';
import { nearestId } from './nearestId';

it.each([
  ['catalgo', ['search', 'catalog'], 'catalog'],
  ['Catalog', ['catalog'], 'catalog'],
  ['catalog-backend', ['catalog', 'scaffolder'], 'catalog'],
  ['core.databse', ['core.database', 'core.cache'], 'core.database'],
  ['catalog.procesing', ['catalog.processing', 'catalog.locations'], 'catalog.processing'],
  ['test.item', ['test.itemised', 'test.items'], 'test.items'],
  ['abd', ['abc'], 'abc'],
  ['acb', ['abc'], 'abc'],
  ['bac', ['abc'], 'abc'],
  ['badcfe', ['abcdef', 'badxyz', 'badcxx'], 'badcxx'],
  ['abdcef', ['abxyef', 'abcdef'], 'abcdef'],
  ['a.cb.one', ['a.bc.two', 'a.bc.one'], 'a.bc.one'],
])('for %s out of %j it is %s', (id, known, nearest) => {
  expect(nearestId(id, known)).toEqual({ nearest });
});

it.each([
  ['a', ['b', 'c']],
  ['p1', ['p2']],
  ['test.a', ['test.b', 'test.c']],
  ['core.auth', ['core.cache', 'core.logger']],
  ['todo', ['proxy', 'search']],
  ['bca', ['abc']],
  ['cba', ['abc']],
  ['abxdc', ['abcyd']],
  ['core.ab', ['core.abc']],
  ['catalogs', ['catalogs']],
  ['catalog', ['catalog']],
  ['catalog', []],
])('for %s out of %j there is none', (id, known) => {
  expect(nearestId(id, known)).toEqual({});
});

it('finds an id of five letters or more in which one letter was dropped, among others that differ more', () => {
  const ids = fc.stringMatching(/^[a-z]{5,12}$/);
  fc.assert(
    fc.property(ids, fc.nat(), (id, seed) => {
      const at = seed % id.length;
      const dropped = id.slice(0, at) + id.slice(at + 1);
      expect(nearestId(dropped, ['zzzzzzzzzzzzzzzz', id, `${id}qqqq`])).toEqual({ nearest: id });
    }),
  );
});
