// What an instance claims, and what becomes of it when another one takes it over or somebody asks for it meanwhile.
import type { Entity } from '@backstage/catalog-model';
import type { Knex } from 'knex';
import { createCatalogTables } from '../testing/createCatalogTables';
import { clients, component, entity } from '../testing/startTestCatalog';
import { addUnprocessed } from './addUnprocessed';
import { commitProcessing, postpone } from './commitProcessing';
import { findWork } from './findWork';
import { ProcessingLease } from './ProcessingLease';
import { refreshAtStart, refreshByKeys, refreshEntity } from './refreshEntities';
import { toUnprocessed } from './UnprocessedEntity';

const hour = 3_600_000;

describe.each(clients)('ProcessingLease on %s', client => {
  let knex: Knex;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ knex, remove } = await createCatalogTables(client));
  });
  afterEach(async () => {
    jest.useRealTimers();
    await remove();
  });

  const states = () => knex('catalog_refresh_state');
  const give = (...entities: object[]) =>
    knex.transaction(
      async tx =>
        void (await addUnprocessed(
          tx,
          entities.map(given => ({ source: 'provider:p', entity: toUnprocessed(given as Entity, null) })),
        )),
    );
  async function claim(limit = 10) {
    const lease = new ProcessingLease(knex);
    const claimed = await lease.take(limit);
    await lease.release();
    return { ...lease, claimed, names: claimed.map(row => row.entity_ref.replace(/.*\//, '')) };
  }
  type Claim = Awaited<ReturnType<typeof claim>>;
  const post = ({ claim: id, claimed }: Claim) =>
    postpone(
      knex,
      claimed.map(row => ({ id: row.id, wasDueAt: Number(row.due_at), dueInMs: hour })),
      { claim: id },
    );
  const commit = async ({ claim: id, claimed }: Claim) => {
    const results = claimed.map(row => ({
      ...{ id: row.id, ref: row.entity_ref, processed: row.unprocessed, children: [], unread: [] },
      ...{ relations: [], refreshKeys: ['key'], errors: null, cache: '{}' },
      ...{ pipeline: 'p', resultHash: 'h', wasDueAt: Number(row.due_at), dueInMs: hour },
    }));
    await commitProcessing(knex, results, { claim: id, keepOrphans: false });
  };

  it('takes what is due and nobody has, the longest overdue first, and what a lost instance had', async () => {
    await give(component('a'), component('b'), component('c'), component('d'));
    await states().where('entity_ref', 'like', '%/c').update({ due_at: 1 });
    await states().where('entity_ref', 'like', '%/d').increment('due_at', hour);
    expect((await claim(1)).names).toEqual(['c']);
    expect((await claim()).names).toEqual(['a', 'b']);
    expect((await claim()).names).toEqual([]);
    await states().where('entity_ref', 'like', '%/b').update({ claimed_until: 1 });
    expect((await claim()).names).toEqual(['b']);
  });

  it.each([
    ['stores', commit],
    ['postpones', post],
  ])('%s nothing that another instance has taken over', async (_, store) => {
    await give(component('a'));
    const lost = await claim();
    await states().update({ claimed_until: 1 });
    const other = await claim();
    await store(lost);
    expect(await states().select('claim', 'result_hash')).toEqual([
      { claim: other.claim, result_hash: null },
    ]);
    expect(await knex('catalog_refresh_keys')).toEqual([]);
    expect(await knex('catalog_stitch_queue')).toEqual([]);
    await store(other);
    expect(await states().pluck('claim')).toEqual([null]);
    expect((await findWork(knex)).dueInMs).toBeGreaterThan(hour / 2);
  });

  const asks: Array<[string, () => Promise<unknown>]> = [
    ['refreshed', () => refreshEntity(knex, 'component:default/a')],
    ['refreshed by a key', () => refreshByKeys(knex, ['key'])],
    ['given with other content', () => give(component('a', { owner: 'other' }))],
  ];
  it.each(asks.flatMap(ask => [[...ask, commit] as const, [...ask, post] as const]))(
    'leaves due what is %s while it is processed',
    async (_, ask, store) => {
      await give(component('a', { owner: 'team' }));
      await commit(await claim());
      await states().update({ due_at: 1 });
      const begun = await claim();
      await ask();
      await store(begun);
      expect((await findWork(knex)).dueInMs).toBeLessThanOrEqual(0);
      expect((await claim()).names).toEqual(['a']);
    },
  );

  it('is kept while it lasts, but for what was asked for meanwhile', async () => {
    await give(component('a'), component('b'));
    jest.useFakeTimers({ doNotFake: ['Date', 'setTimeout', 'clearTimeout', 'setImmediate', 'nextTick'] });
    const lease = new ProcessingLease(knex);
    await lease.take(10);
    await states().update({ claimed_until: 1 });
    await refreshEntity(knex, 'component:default/b');
    jest.advanceTimersByTime(10_000);
    await lease.release();
    const [a, b] = await states().orderBy('id').pluck('claimed_until');
    expect(Number(a)).toBeGreaterThan(Date.now());
    expect(b).toBeNull();
    await states().update({ claimed_until: 1 });
    jest.advanceTimersByTime(60_000);
    await lease.release();
    expect((await states().pluck('claimed_until')).map(Number)).toEqual([1, 1]);
  });

  it('is given up at the start of the only instance, and not at that of one of several', async () => {
    await give(component('a'));
    const { claim: id } = await claim();
    await refreshAtStart(knex, 'p', false);
    expect(await states().pluck('claim')).toEqual([id]);
    expect((await claim()).names).toEqual([]);
    await refreshAtStart(knex, 'p', true);
    expect((await claim()).names).toEqual(['a']);
  });

  it('is had at a start of what other code has processed, and of locations that are files', async () => {
    const at = (name: string) => entity('Location', name, { type: 'file', targets: [] }) as Entity;
    await knex.transaction(
      async tx =>
        void (await addUnprocessed(tx, [
          { source: 'provider:p', entity: toUnprocessed(component('same') as Entity, 'file:/a.yaml') },
          { source: 'provider:p', entity: toUnprocessed(component('other') as Entity, null) },
          { source: 'provider:p', entity: toUnprocessed(at('file'), 'file:/a.yaml') },
          { source: 'provider:p', entity: toUnprocessed(at('url'), 'url:https://a/b') },
        ])),
    );
    await commit(await claim());
    await states().where('entity_ref', 'like', '%/other').update({ pipeline: 'earlier' });
    await refreshAtStart(knex, 'p', false);
    expect((await claim()).names.sort()).toEqual(['file', 'other']);
  });
});
