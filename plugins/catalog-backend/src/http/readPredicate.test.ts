// What the operators of predicates mean, and which predicates are refused.
import { readPredicate } from './readPredicate';

const nested = (levels: number): object => (levels === 0 ? { kind: 'api' } : { $not: nested(levels - 1) });

it.each([
  [{}, { all: [] }],
  [{ Kind: 'API' }, { key: 'kind', values: ['api'] }],
  [
    { a: 1, b: true },
    {
      all: [
        { key: 'a', values: ['1'] },
        { key: 'b', values: ['true'] },
      ],
    },
  ],
  [{ a: { $exists: true } }, { key: 'a' }],
  [{ a: { $exists: false } }, { not: { key: 'a' } }],
  [{ a: { $in: ['X', 2, false] } }, { key: 'a', values: ['x', '2', 'false'] }],
  [{ a: { $in: [] } }, { key: 'a', values: [] }],
  [{ a: { $hasPrefix: 'Pre' } }, { key: 'a', prefix: 'pre' }],
  [{ a: { $contains: 'Java' } }, { key: 'a', values: ['java'] }],
  [{ relations: { $contains: { type: 'ownedBy' } } }, { key: 'relations.ownedby' }],
  [
    { Relations: { $contains: { type: 'ownedBy', targetRef: 'Group:default/A' } } },
    { key: 'relations.ownedby', values: ['group:default/a'] },
  ],
  [
    { relations: { $contains: { type: 'ownedBy', targetRef: { $in: ['A', 'B'] } } } },
    { key: 'relations.ownedby', values: ['a', 'b'] },
  ],
  [
    { $all: [{ a: '1' }, { $any: [{ b: '2' }, { $not: { c: '3' } }] }] },
    {
      all: [
        { key: 'a', values: ['1'] },
        { any: [{ key: 'b', values: ['2'] }, { not: { key: 'c', values: ['3'] } }] },
      ],
    },
  ],
])('understands %j', (predicate, condition) => {
  expect(readPredicate(predicate)).toEqual(condition);
});

it('goes fifty levels deep', () => {
  expect(() => readPredicate(nested(50))).not.toThrow();
  for (const level of [nested(51), { $all: [nested(50)] }, { $any: [nested(50)] }])
    expect(() => readPredicate(level)).toThrow('nested deeper than 50 levels');
});

it.each([
  [null, 'A query must be an object'],
  ['kind=api', 'A query must be an object'],
  [[{ kind: 'api' }], 'A query must be an object'],
  [{ $all: { kind: 'api' } }, "'$all' needs a list"],
  [{ $any: 'api' }, "'$any' needs a list"],
  [{ $not: [{ kind: 'api' }] }, 'A query must be an object'],
  [{ $any: [], kind: 'api' }, "'$any' has to be alone"],
  [{ $nor: [] }, "the operator '$nor'"],
  ...[
    null,
    undefined,
    [],
    {},
    { $exists: 'yes' },
    { $in: 'a' },
    { $in: ['a', null] },
    { $in: ['a', { b: 1 }] },
    { $hasPrefix: 1 },
    { $contains: { type: 'ownedBy' } },
    { $contains: ['a'] },
    { $matches: ['a'] },
    { $in: ['a'], $exists: true },
  ].map((value): [object, string] => [{ tags: value }, "the field 'tags' can be compared with"]),
  [{ relations: { $in: { type: 'ownedBy' } } }, "the field 'relations' can be compared with"],
  [{ relations: { $contains: { targetRef: 'a' } } }, "'relations' can contain a 'type'"],
  [{ relations: { $contains: { type: 'ownedBy', target: 'a' } } }, "'relations' can contain a 'type'"],
])('refuses %j', (predicate, problem) => {
  expect(() => readPredicate(predicate)).toThrow(problem);
});
