// Creates random requests to a catalog about the entities it contains, some of them invalid.
import { readFileSync } from 'node:fs';
import { randomChoices } from '../lib/randomChoices.mjs';

// Every entity has exactly one value for each. Sorted by others, the published catalog skips or repeats entities.
const orders = ['kind', 'metadata.name', 'metadata.namespace'];
/** Each has a path and an optional body. */
const wrong = readFileSync(new URL('../fixtures/wrongRequests.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => line.split(' '))
  .map(([path, body]) => ({ path, body }));

/** Returns `count` requests `{ path, body, order }`, where `order` is the field that the response is sorted by, if any. */
export function randomRequests(seed, count, entities) {
  const { below, chance, pick, some } = randomChoices(seed);
  const list = (most, make) => Array.from({ length: below(most + 1) }, make);
  const maybe = (name, value, share = 0.4) => (chance(share) ? { [name]: value } : {});
  const recase = text => pick([`${text}`, `${text}`.toLowerCase(), `${text}`.toUpperCase()]);

  /** A field that an entity has, with its value. */
  function leaf(from = pick(entities), path = '') {
    if (typeof from !== 'object' || from === null) return [path, from];
    const keys = Object.keys(from).filter(key => key !== 'uid' && key !== 'etag');
    if (keys.length === 0 || (path && chance(0.1))) return [path, undefined];
    const key = pick(keys);
    if (path === 'relations') return [`relations.${from[key].type}`, from[key].targetRef];
    return leaf(from[key], Array.isArray(from) ? path : path ? `${path}.${key}` : key);
  }
  const field = () => pick([leaf()[0], recase(leaf()[0]), 'metadata.tags', 'spec.nothing', ...orders]);
  const fields = () => some([field(), field(), 'metadata', 'kind', 'relations'], 3);
  // Some characters are wildcards in the published catalog, but not in ours.
  const term = () => String(leaf()[1]).slice(0, 3).replace(/[%_]/g, '') || 'a';
  function ref(absent = 'component:default/nobody') {
    const { kind, metadata } = pick(entities);
    return chance(0.8) ? `${kind}:${metadata.namespace}/${metadata.name}`.toLowerCase() : absent;
  }
  function filter() {
    const [path, value] = chance(0.4) ? ['kind', pick(['API', 'group'])] : leaf();
    const more = chance(0.4) ? `,${filter()}` : '';
    return pick([recase(path), `${path}=${value}`, `${path}=${recase(value)}`, `${path}=`]) + more;
  }
  function predicate(depth = 0) {
    const operator = depth < 3 && chance(0.5) && pick(['$all', '$any', '$not']);
    if (operator === '$not') return { $not: predicate(depth + 1) };
    return operator
      ? { [operator]: list(3, () => predicate(depth + 1)) }
      : Object.fromEntries(list(2, condition));
  }
  function condition() {
    const [path, value] = leaf();
    const plain = value ?? 1;
    const matchers = [
      { $exists: chance(0.5) },
      { $in: list(2, () => leaf()[1] ?? plain) },
      { $contains: plain },
    ];
    return [
      recase(path),
      pick([value ?? null, recase(plain), { $hasPrefix: `${plain}`.slice(0, 2) }, ...matchers]),
    ];
  }

  function get(path, parameters) {
    const entries = Object.entries({ filter: list(3, filter), ...parameters });
    return `${path}?${new URLSearchParams(entries.flatMap(([name, values]) => [values].flat().map(value => [name, value])))}`;
  }
  const way = () => pick(['asc', 'desc']);
  const text = make => (chance(0.3) ? make() : {});
  const makers = [
    () => pick(wrong),
    () => ({ path: get('/entities', chance(0.5) ? { fields: ['kind', ...fields()].join() } : {}) }),
    order => {
      const page = { limit: 1 + below(40), ...maybe('offset', below(50)) };
      return { path: get('/entities', { order: `${way()}:${order}`, ...page }), order };
    },
    () => ({ path: get('/entity-facets', { facet: [field(), field()] }) }),
    () => ({ path: '/entity-facets', body: { facets: [field()], query: predicate() } }),
    () => {
      const entityRefs = list(5, () => ref(pick(['component:default/nobody', 'nothing'])));
      const body = { entityRefs, ...maybe('fields', fields()), ...maybe('query', predicate()) };
      return { path: chance(0.5) ? '/entities/by-refs' : get('/entities/by-refs', {}), body };
    },
    () => ({ path: `/entities/by-name/${recase(ref().replace(':', '/'))}${pick(['', '/ancestry'])}` }),
    order => {
      const search = text(() => ({ fullTextFilterTerm: term(), ...maybe('fullTextFilterFields', field()) }));
      const parameters = { orderField: `${order},${way()}`, ...maybe('limit', 20 + below(60)), ...search };
      return { path: get('/entities/by-query', parameters), order };
    },
    order => {
      const search = text(() => ({ fullTextFilter: { term: term(), ...maybe('fields', [field()]) } }));
      const total = maybe('totalItems', 'exclude', 0.1);
      const body = {
        orderBy: [{ field: order, order: way() }],
        ...maybe('limit', 20 + below(60)),
        ...search,
        ...total,
      };
      return { path: '/entities/by-query', body: { ...body, ...maybe('query', predicate(), 0.8) }, order };
    },
    () => {
      const { kind, relations: _, ...rest } = pick(entities);
      const entity = { ...rest, kind: pick([kind, kind, recase(kind)]), ...maybe('spec', {}, 0.2) };
      return { path: '/validate-entity', body: { entity, location: 'url:https://example.com/a' } };
    },
  ];
  return Array.from({ length: count }, () => pick(makers)(pick(orders)));
}
