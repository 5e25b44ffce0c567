// Which kinds may come from where, by the rules of a configuration.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readCatalogLocations } from '../config/readCatalogLocations';
import { CatalogRules } from './CatalogRules';

const rulesOf = (catalog: JsonObject) => {
  const config = new ConfigReader({ catalog });
  const configured = readCatalogLocations(config, '/app').map(({ spec }) => spec);
  return CatalogRules.fromConfig(config, configured);
};
const entity = (kind: string, type?: unknown) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'x' },
  ...(type !== undefined && { spec: { type: type as string } }),
});
const repository = { type: 'url', target: 'https://git.example.com/acme/shop/blob/main/a.yaml' };

/** Which of these kinds may come from there. */
const allowed = (rules: CatalogRules, kinds: string[], origin = repository) =>
  kinds.filter(kind => rules.explainRefusal(entity(kind), origin) === undefined);
const kinds = ['Component', 'api', 'LOCATION', 'Group', 'User', 'Template'];

it('lets people register components, APIs and locations, and configuration everything', () => {
  const locations = [{ type: 'file', target: 'all.yaml' }, repository];
  const rules = rulesOf({ locations });
  expect(allowed(rules, kinds, { ...repository, target: `${repository.target}?` })).toEqual(
    kinds.slice(0, 3),
  );
  expect(allowed(rules, kinds)).toEqual(kinds);
  expect(allowed(rules, kinds, { type: 'file', target: '/app/all.yaml' })).toEqual(kinds);
  expect(allowed(rules, kinds, { type: 'url', target: '/app/all.yaml' })).toEqual(kinds.slice(0, 3));
});

it('limits configuration too where there are rules, and by the rules of a location itself that one alone', () => {
  const more = { ...repository, target: 'https://git.example.com/org.yaml' };
  const locations = [repository, { ...more, rules: [{ allow: ['Group'] }, { allow: ['User'] }] }];
  const rules = rulesOf({ rules: [{ allow: ['Component'] }], locations });
  expect(allowed(rules, kinds)).toEqual(['Component']);
  expect(allowed(rules, kinds, more)).toEqual(['Component', 'Group', 'User']);
  const own = rulesOf({ locations });
  expect(allowed(own, kinds)).toEqual(kinds);
  expect(allowed(own, kinds, more)).toEqual(['Component', 'api', 'LOCATION', 'Group', 'User']);
  expect(allowed(rulesOf({ rules: [] }), kinds)).toEqual([]);
  expect(allowed(rulesOf({ rules: [{ allow: ['*'] }] }), kinds)).toEqual(kinds);
  expect(allowed(CatalogRules.allowAll(), kinds)).toEqual(kinds);
});

it.each<[JsonObject, boolean]>([
  [{ type: 'url' }, true],
  [{ type: 'file' }, false],
  [{ type: 'url', exact: repository.target }, true],
  [{ type: 'url', exact: 'https://git.example.com/acme/shop' }, false],
  [{ type: 'url', pattern: 'https://git.example.com/acme/**' }, true],
  [{ type: 'url', pattern: 'https://git.example.com/acme/*' }, false],
  [{ type: 'url', pattern: 'https://git.example.com/other/**' }, false],
  [{ type: 'file', pattern: 'https://git.example.com/acme/**' }, false],
])('applies a rule to the locations %j: %s', (location, applies) => {
  const rules = rulesOf({ rules: [{ allow: ['Group'], locations: [{ type: 'ldap' }, location] }] });
  expect(allowed(rules, ['Group'])).toEqual(applies ? ['Group'] : []);
});

it('tells kinds apart by their type', () => {
  const rules = rulesOf({
    rules: [{ allow: [{ kind: 'component', 'spec.type': 'Website' }, { kind: 'API' }] }],
  });
  const refused = [
    entity('Component', 'WEBSITE'),
    entity('Component', 'service'),
    entity('Component'),
    entity('API', 'openapi'),
    entity('API'),
  ].map(one => rules.explainRefusal(one, repository) !== undefined);
  expect(refused).toEqual([false, true, true, false, false]);
});

it('says what is allowed instead', () => {
  const rules = rulesOf({ rules: [{ allow: ['User', 'API', 'User'], locations: [{ type: 'url' }] }] });
  expect(rules.explainRefusal(entity('Group'), repository)).toBe(
    `entities of kind 'Group' may not come from url:${repository.target}: catalog.rules allows API, User there`,
  );
  expect(rules.explainRefusal(entity('Group'), { type: 'file', target: '/a' })).toMatch(
    /allows nothing there$/,
  );
});

it('is described alike only where it judges alike', () => {
  const described = [
    {},
    { rules: [{ allow: ['Component', 'API', 'Location'] }] },
    { rules: [{ allow: ['Component'] }] },
    { rules: [{ allow: ['Component'], locations: [{ type: 'url', pattern: 'https://a/**' }] }] },
    { rules: [{ allow: ['Component'], locations: [{ type: 'url', pattern: 'https://b/**' }] }] },
    { locations: [repository] },
    { locations: [{ ...repository, rules: [{ allow: ['Group'] }] }] },
  ].map(catalog => rulesOf(catalog).describe());
  // Without rules and without locations of configuration, the rules are those by default.
  expect(described[0]).toBe(described[1]);
  expect(new Set(described).size).toBe(described.length - 1);
});

it.each<[JsonObject, string]>([
  [{ rules: [{}] }, 'catalog.rules[0].allow'],
  [{ rules: [{ allow: 'Component' }] }, "needs 'allow', a list of kinds"],
  [{ rules: [{ allow: [{ type: 'x' }] }] }, "must be a kind, or a map with 'kind'"],
  // Without the limit, the whole kind would be allowed, or everywhere.
  [
    { rules: [{ allow: [{ kind: 'API', 'spec.type': ['openapi'] }] }] },
    "must be a kind, or a map with 'kind'",
  ],
  [{ rules: [{ allow: [{ kind: 'API', type: 'openapi' }] }] }, "must be a kind, or a map with 'kind'"],
  [{ rules: [{ allow: ['API'], locations: [{ type: 'url', target: 'https://a/' }] }] }, "has 'target'"],
  [{ rules: [{ allow: ['API'], location: [{ type: 'file' }] }] }, "has 'location'"],
  [{ rules: [{ allow: ['API'], locations: [{ pattern: '**' }] }] }, 'type'],
  [
    { rules: [{ allow: ['API'], locations: [{ type: 'url', exact: 'a', pattern: 'b' }] }] },
    "can have 'exact' or 'pattern', not both",
  ],
  [{ locations: [{ ...repository, rules: [{ allow: 5 }] }] }, "needs 'allow', a list of kinds"],
])('refuses %j', (catalog, problem) => {
  expect(() => rulesOf(catalog)).toThrow(problem);
});
