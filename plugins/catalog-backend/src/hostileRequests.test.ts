// Tests of requests that ask for too much, or for what nobody can have: answered as wrong ones, and soon.
import { join } from 'node:path';
import { CatalogPlace, clients, component, type StartedCatalog } from './testing/startTestCatalog';

const list = <T>(length: number, make: (index: number) => T) => Array.from({ length }, (_, i) => make(i));

describe.each(clients)('requests to the catalog on %s', client => {
  let place: CatalogPlace;
  let started: StartedCatalog;
  const post = (path: string, body: unknown) => started.request(path, { method: 'POST', body });
  const query = async (condition: unknown) => {
    const { body } = await post('/entities/by-query', { query: condition, limit: 1 });
    return body.totalItems as number;
  };

  beforeAll(async () => {
    place = await CatalogPlace.create(client);
    await place.write({ 'a.yaml': list(300, index => component(`c${index}`, { type: `t${index % 3}` })) });
    started = await place.start({ locations: [{ type: 'file', target: join(place.folder, 'a.yaml') }] });
  }, 60_000);
  afterAll(() => place.remove());

  it('that are long are answered as short ones are, and soon', async () => {
    const begin = performance.now();
    const absent = list(800, index => ({ [`spec.x${index % 7}`]: `v${index}` }));
    const named = list(200, index => ({
      kind: 'component',
      'spec.type': 't1',
      'metadata.name': `c${index}`,
    }));
    const none = list(18_000, index => `none-${index}`);
    expect(await query({ $any: [{ 'spec.type': 't1' }, ...absent] })).toBe(100);
    expect(await query({ $all: [{ 'spec.type': 't1' }, ...absent.map($not => ({ $not }))] })).toBe(100);
    expect(await query({ $not: { $any: [{ 'spec.type': 't1' }, { kind: 'location' }, ...absent] } })).toBe(
      200,
    );
    expect(await query({ $any: named })).toBe(67);
    expect(await query({ $all: list(800, () => ({ kind: 'component' })) })).toBe(300);
    expect(await query({ 'metadata.name': { $in: [...none, 'c1', 'c2'] } })).toBe(2);
    expect(performance.now() - begin).toBeLessThan(10_000);
  }, 600_000);

  it('that ask for too much are refused', async () => {
    const names = (count: number) => list(count, index => `x${index}`);
    const by = (body: object) => post('/entities/by-query', body);
    const orderBy = names(21).map(field => ({ field, order: 'asc' }));
    const answers = await Promise.all([
      by({ orderBy }),
      by({ query: { $any: names(901).map(name => ({ [name]: 1 })) } }),
      by({ query: { kind: { $in: names(20_001) } } }),
      by({ fullTextFilter: { term: 'x', fields: names(40_000) } }),
      by({ fields: names(501) }),
      post('/entity-facets', { facets: names(501) }),
      post('/entities/by-refs', { entityRefs: names(10_001) }),
      started.request(`/entities?${orderBy.map(({ field }) => `order=asc:${field}`).join('&')}`),
      started.request(`/entities?limit=1&filter=${names(901).join(',')}`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 400));
    for (const { body } of answers) expect(body.error.message).toMatch(/and \d+ are the most$/);
  });

  it.each<[object]>([
    [{ condition: { all: null, key: 'kind' } }],
    [{ condition: { any: null, text: 'x', fields: ['kind'] } }],
    [{ condition: { text: 'x', fields: [] } }],
    [{ condition: { not: null, key: 'kind' } }],
    [{ position: { id: 2 ** 31, values: [] } }],
    [
      {
        order: list(70, index => ({ field: `a${index}`, order: 'asc' })),
        position: { id: 1, values: Array(70).fill(null) },
      },
    ],
  ])('with the made-up cursor %j are refused', async parts => {
    const made = { order: [], totalItems: true, position: { id: 0, values: [] }, backwards: false, ...parts };
    const cursor = Buffer.from(JSON.stringify(made)).toString('base64url');
    expect(await started.request(`/entities/by-query?cursor=${cursor}`)).toMatchObject({ status: 400 });
  });

  it.each([
    ['$not', `${'{"$not":'.repeat(9_000)}{}${'}'.repeat(9_000)}`],
    ['$in', `{"target":${'{"$in":['.repeat(9_000)}1${']}'.repeat(9_000)}}`],
  ])('for locations that are nested too deep by %s are refused', async (_, nested) => {
    const headers = { authorization: `Bearer ${started.options.token}`, 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: `{"query":${nested}}` };
    expect((await fetch(`${started.base}/locations/by-query`, init)).status).toBe(400);
  });
});

it.each(clients)(
  'a location that can not be stored as an entity is refused, on %s, and the catalog starts again',
  async client => {
    const place = await CatalogPlace.create(client);
    try {
      const target = 'https://example.com/\0';
      const first = await place.start({});
      const { body } = await first.request('/locations', {
        method: 'POST',
        body: { target: 'https://example.com/' },
      });
      const path = `/locations/${body.location.id}`;
      expect(await first.request('/locations', { method: 'POST', body: { target } })).toMatchObject({
        status: 400,
      });
      expect(await first.request(path, { method: 'PUT', body: { target } })).toMatchObject({ status: 400 });
      await first.stop();
      const again = await place.start({});
      expect((await again.request('/locations')).body).toHaveLength(1);
    } finally {
      await place.remove();
    }
  },
  60_000,
);
