// Tests of storing and finding entities, on every database at hand (PostgreSQL: set GREENROOM_TEST_POSTGRES to a URL).
import type { Entity } from '@backstage/catalog-model';
import type { Knex } from 'knex';
import { EntityQueries } from './EntityQueries';
import { migrateCatalog } from './migrateCatalog';
import { replaceEntities } from './replaceEntities';
import { testDatabases } from '../testing/testDatabases';

const entity = (name: string, extra: Partial<Entity> = {}): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  ...extra,
  metadata: { name, namespace: 'default', ...extra.metadata },
});

describe.each(testDatabases)('the catalog on %s', (_, open) => {
  let knex: Knex;
  let remove: () => Promise<void>;
  let queries: EntityQueries;

  beforeEach(async () => {
    ({ knex, remove } = await open());
    await migrateCatalog(knex);
    queries = new EntityQueries(knex);
  });
  afterEach(() => remove());

  const names = async (...args: Parameters<EntityQueries['list']>) =>
    (await queries.list(...args)).map(text => (JSON.parse(text) as Entity).metadata.name);
  const stored = async (ref: string) =>
    JSON.parse((await queries.byRefs([ref])).get(ref) ?? 'null') as Entity | null;

  it('migrates once, also when several instances start together', async () => {
    await Promise.all([migrateCatalog(knex), migrateCatalog(knex)]);
    expect(await knex('catalog_migrations').select('name')).toEqual([{ name: '20261001000000_init' }]);
  });

  it('stores, changes and removes, and writes only what differs', async () => {
    expect(await replaceEntities(knex, [entity('a'), entity('b')])).toEqual({
      added: 2,
      changed: 0,
      removed: 0,
    });
    expect(await replaceEntities(knex, [entity('a'), entity('b')])).toEqual({
      added: 0,
      changed: 0,
      removed: 0,
    });
    const next = [entity('a', { spec: { type: 'x' } }), entity('c')];
    expect(await replaceEntities(knex, next)).toEqual({ added: 1, changed: 1, removed: 1 });
    expect(await names()).toEqual(['a', 'c']);
    expect(await names({ filter: [[{ key: 'metadata.name', values: ['b'] }]] })).toEqual([]);
    const orphans = knex('catalog_search').whereNotIn('entity_uid', knex('catalog_entities').select('uid'));
    expect(await orphans).toEqual([]);
  });

  it('keeps the uid while the reference stays, and changes the etag with the content', async () => {
    const claimed = { name: 'a', namespace: 'default', uid: 'mine', etag: 'mine' };
    await replaceEntities(knex, [entity('a', { metadata: claimed })]);
    const before = await stored('component:default/a');
    await replaceEntities(knex, [entity('a', { spec: { type: 'x' } })]);
    const after = await stored('component:default/a');
    expect(before?.metadata.uid).toMatch(/^[\da-f-]{36}$/);
    expect(after?.metadata.uid).toBe(before?.metadata.uid);
    expect(before?.metadata.etag).toMatch(/^[\da-f]{40}$/);
    expect(after?.metadata.etag).not.toBe(before?.metadata.etag);
    expect(JSON.parse((await queries.byUid(after?.metadata.uid ?? ''))!)).toEqual(after);
    expect(await queries.byUid('mine')).toBeUndefined();
  });

  it('stores thousands, and finds all of them by reference in one call', async () => {
    const many = Array.from({ length: 3_000 }, (_unused, i) => entity(`n${i}`));
    await replaceEntities(knex, many);
    const refs = many.map(({ metadata }) => `component:default/${metadata.name}`);
    expect((await queries.byRefs([...refs, 'component:default/none'])).size).toBe(3_000);
  });

  it('keeps everything as it was where storing fails', async () => {
    await replaceEntities(knex, [entity('a')]);
    await expect(replaceEntities(knex, [entity('b'), entity('B')])).rejects.toThrow(/unique/i);
    expect(await names()).toEqual(['a']);
  });

  describe('listing', () => {
    beforeEach(() =>
      replaceEntities(knex, [
        entity('one', {
          metadata: { name: 'one', tags: ['java', 'Web'], title: 'B' },
          spec: { type: 'service' },
        }),
        entity('two', { metadata: { name: 'two', title: 'a' }, spec: { type: 'Website', n: 3, none: null } }),
        entity('three', { kind: 'API', spec: { type: 'openapi', definition: 'x'.repeat(500) } }),
      ]),
    );

    it.each([
      ['everything, by reference', {}, ['three', 'one', 'two']],
      ['by value, ignoring case', { filter: [[{ key: 'spec.type', values: ['website'] }]] }, ['two']],
      [
        'by any of several values',
        { filter: [[{ key: 'spec.type', values: ['website', 'openapi'] }]] },
        ['three', 'two'],
      ],
      [
        'by all of several fields',
        {
          filter: [
            [
              { key: 'kind', values: ['component'] },
              { key: 'metadata.tags', values: ['web'] },
            ],
          ],
        },
        ['one'],
      ],
      [
        'by either of two sets',
        { filter: [[{ key: 'kind', values: ['api'] }], [{ key: 'spec.n', values: ['3'] }]] },
        ['three', 'two'],
      ],
      ['by a field that is there', { filter: [[{ key: 'spec.definition' }]] }, ['three']],
      ['by a field that is null', { filter: [[{ key: 'spec.none' }]] }, ['two']],
      ['by an item of a list', { filter: [[{ key: 'metadata.tags.java', values: ['true'] }]] }, ['one']],
      ['nothing', { filter: [[{ key: 'spec.type', values: ['none'] }]] }, []],
      [
        'ordered, without the field last',
        { order: [{ field: 'metadata.title', order: 'asc' as const }] },
        ['two', 'one', 'three'],
      ],
      [
        'in reverse order, without the field last',
        { order: [{ field: 'metadata.title', order: 'desc' as const }] },
        ['one', 'two', 'three'],
      ],
      ['a page', { offset: 1, limit: 1 }, ['one']],
      ['from an offset on', { offset: 2 }, ['two']],
    ])('gives %s', async (_name, query, expected) => {
      expect(await names(query)).toEqual(expected);
    });
  });
});
