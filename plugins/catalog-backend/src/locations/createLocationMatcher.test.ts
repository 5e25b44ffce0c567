// Which registered locations a query finds, and which queries are refused.
import { readPredicate } from '../http/readPredicate';
import { createLocationMatcher } from './createLocationMatcher';

const target = 'https://Example.com/a.yaml';
const location = { id: '1', type: 'url', target, entityRef: 'location:default/generated-1' };
const matches = (query: unknown) => createLocationMatcher(readPredicate(query))(location);

it.each([
  [{}, true],
  [{ type: 'URL' }, true],
  [{ Type: 'file' }, false],
  [{ type: 'url', target: 'elsewhere' }, false],
  [{ EntityRef: 'Location:default/generated-1' }, true],
  [{ id: 1 }, true],
  [{ id: { $exists: true } }, true],
  [{ id: { $exists: false } }, false],
  [{ type: { $in: ['file', 'Url'] } }, true],
  [{ type: { $in: ['file'] } }, false],
  [{ target: { $hasPrefix: 'HTTPS://example.com/' } }, true],
  [{ target: { $hasPrefix: 'example.com' } }, false],
  [{ target: { $contains: target } }, true],
  [{ $all: [{ type: 'url' }, { id: '1' }] }, true],
  [{ $all: [{ type: 'url' }, { id: '2' }] }, false],
  [{ $any: [{ type: 'file' }, { id: '1' }] }, true],
  [{ $any: [] }, false],
  [{ $not: { type: 'url' } }, false],
  [{ $not: { type: 'file' } }, true],
])('judges by %j: %s', (query, expected) => {
  expect(matches(query)).toBe(expected);
});

it.each([
  [{ $not: { $any: [{ kind: 'component' }] } }, "no field 'kind'"],
  [{ type: null }, "the field 'type'"],
  [{ type: { $in: ['url'], $hasPrefix: 'f' } }, "the field 'type'"],
  [{ type: { $in: [{ $hasPrefix: 'u' }] } }, "the field 'type'"],
  [{ type: { $exists: 'no' } }, "the field 'type'"],
])('refuses %j', (query, problem) => {
  expect(() => matches(query)).toThrow(problem);
});
