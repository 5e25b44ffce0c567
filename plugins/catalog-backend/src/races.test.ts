// What instances do at the same time, in the order that would go wrong: each step is held up by a transaction of PostgreSQL.
import type { Entity } from '@backstage/catalog-model';
import type { Knex } from 'knex';
import { LocationStore } from './locations/LocationStore';
import { addUnprocessed, type ClaimConflict } from './processing/addUnprocessed';
import {
  type CommitOptions,
  commitProcessing,
  postpone,
  type ProcessedEntity,
} from './processing/commitProcessing';
import { ProcessingLease } from './processing/ProcessingLease';
import { toUnprocessed, type UnprocessedEntity } from './processing/UnprocessedEntity';
import { ProviderConnection } from './providers/ProviderConnection';
import { queueStitch } from './stitching/queueStitch';
import { stitchNext } from './stitching/stitchNext';
import { createCatalogDatabase } from './testing/createCatalogTables';
import { component, entity } from './testing/startTestCatalog';

const postgres = process.env.GREENROOM_TEST_POSTGRES;
const suite = postgres ? describe : describe.skip;

suite('instances at the same time (skipped where GREENROOM_TEST_POSTGRES names no server)', () => {
  const e = 'component:default/e';
  const begun: Knex.Transaction[] = [];
  let database: Awaited<ReturnType<typeof createCatalogDatabase>>;
  let knex: Knex;
  let told: ClaimConflict[];

  beforeEach(async () => {
    database = await createCatalogDatabase();
    knex = database.knex;
    told = [];
  });
  afterEach(async () => {
    for (const tx of begun.splice(0)) if (!tx.isCompleted()) await tx.rollback();
    await database.remove();
  });

  /** Ends with the test at the latest. */
  async function begin(): Promise<Knex.Transaction> {
    const tx = await knex.transaction();
    begun.push(tx);
    return tx;
  }
  const provider = (providerName: string) =>
    new ProviderConnection({
      ...{ knex, providerName, keepOrphans: false, wake() {} },
      onConflicts: conflicts => void told.push(...conflicts),
    });
  const child = (owner = 'team', locationKey: string | null = null) => ({
    entity: component('e', { owner }) as Entity,
    ...(locationKey !== null && { locationKey }),
  });
  const full = (...entities: Array<ReturnType<typeof child>>) => ({ type: 'full' as const, entities });
  const waiting = (count: number) => database.waiting(count);
  const owner = async () => {
    const row = await knex('catalog_refresh_state').where('entity_ref', e).first('unprocessed');
    return row && JSON.parse(row.unprocessed).spec.owner;
  };
  const references = () =>
    knex('catalog_references').where('target_ref', e).orderBy('source').pluck('source');

  const nothing = { unread: [], relations: [], refreshKeys: [], errors: null, cache: '{}' };
  const done = { pipeline: 'p', resultHash: 'h', dueInMs: 3_600_000 };

  /** Two locations that are claimed, and what storing needs. */
  async function claimLocations(): Promise<
    (at: 'first' | 'second', children: UnprocessedEntity[]) => Promise<void>
  > {
    const locations = ['first', 'second'].map(
      at => entity('Location', at, { type: 'file', targets: [] }) as Entity,
    );
    await provider('p').applyMutation({
      type: 'full',
      entities: locations.map(given => ({ entity: given })),
    });
    const lease = new ProcessingLease(knex);
    const claimed = await lease.take(10);
    await lease.release();
    const options: CommitOptions = { claim: lease.claim, keepOrphans: false };
    return async (at, children) => {
      const ref = `location:default/${at}`;
      const { id, due_at: dueAt } = claimed.find(row => row.entity_ref === ref)!;
      const result: ProcessedEntity = {
        ...{ id, ref, children, ...nothing, processed: JSON.stringify(locations[0]) },
        ...{ ...done, wasDueAt: Number(dueAt) },
      };
      told.push(...(await commitProcessing(knex, [result], options)));
    };
  }

  it('serve what was stored while the same entity was already being put together', async () => {
    await provider('p').applyMutation(full(child()));
    const process = (spec: object, db: Knex) =>
      db('catalog_refresh_state').update({ processed: JSON.stringify(component('e', spec)) });
    await process({ owner: 'before' }, knex);
    await knex.transaction(tx => queueStitch(tx, [e]));
    const storing = await begin();
    await process({ owner: 'after' }, storing);
    await queueStitch(storing, [e]);
    await stitchNext(knex, 10);
    await storing.commit();
    await stitchNext(knex, 10);
    const { entity: served } = await knex('catalog_entities').where('entity_ref', e).first('entity');
    expect(JSON.parse(served).spec.owner).toBe('after');
  });

  it.each([
    ['give a new entity at once', []],
    ['claim an orphan', [{ source: 'provider:gone', entity: toUnprocessed(child().entity, 'gone') }]],
  ])('find a conflict between two sources that %s', async (_, before) => {
    await knex.transaction(async tx => void (await addUnprocessed(tx, before)));
    const first = await begin();
    const given = toUnprocessed(child('first').entity, 'first');
    await addUnprocessed(first, [{ source: 'provider:first', entity: given }]);
    await first('catalog_references').insert({ source: 'provider:first', target_ref: given.ref });
    const second = provider('second').applyMutation(full(child('second', 'second')));
    await waiting(1);
    await first.commit();
    await second;
    expect(await owner()).toBe('first');
    const heldBy = before.length > 0 ? expect.any(String) : 'first';
    expect(told).toEqual([expect.objectContaining({ source: 'provider:second', heldBy })]);
    expect(await references()).toEqual(['provider:first']);
  });

  it('find a conflict between two sources that claim what any may have', async () => {
    await provider('nobody').applyMutation(full(child()));
    const first = await begin();
    const given = toUnprocessed(child('first').entity, 'first');
    await addUnprocessed(first, [{ source: 'provider:first', entity: given }]);
    const second = provider('second').applyMutation(full(child('second', 'second')));
    await waiting(1);
    await first.commit();
    await second;
    expect(await owner()).toBe('first');
    expect(told).toEqual([expect.objectContaining({ source: 'provider:second', heldBy: 'first' })]);
    expect(await references()).toEqual(['provider:nobody']);
  });

  it('apply the mutations of a provider in the order in which it gave them', async () => {
    const connection = provider('many');
    for (let round = 0; round < 20; round++) {
      const names = ['a', 'b', 'c', 'd'].map(part => `${part}${round}`);
      await Promise.all(
        names.map(own =>
          connection.applyMutation({ type: 'full', entities: [{ entity: component(own) as Entity }] }),
        ),
      );
      expect(await knex('catalog_references').pluck('target_ref')).toEqual([`component:default/d${round}`]);
    }
  });

  it('take the newer of what one source gives twice at once', async () => {
    const first = await begin();
    const given = toUnprocessed(child('first').entity, 'same');
    await addUnprocessed(first, [{ source: 'provider:first', entity: given }]);
    const second = provider('second').applyMutation(full(child('second', 'same')));
    await waiting(1);
    await first.commit();
    await second;
    expect(await owner()).toBe('second');
    expect(told).toEqual([]);
    expect(await references()).toEqual(['provider:second']);
  });

  it.each([
    // The one that begins to lead to it has found that it is there, and is held up at its end.
    ['has just found', 'location:default/second', 1, 0],
    // The one that lets go of it has removed it, and is held up at its end.
    ['is about to look for', e, 0, 1],
  ])('keep what a location lets go of where another one %s it', async (_, heldUp, first, then) => {
    const store = await claimLocations();
    const given = toUnprocessed(child().entity, 'same');
    await store('first', [given]);
    const work = [
      () =>
        provider('p').applyMutation({
          ...{ type: 'delta', added: [], removed: [{ entityRef: 'location:default/first' }] },
        }),
      () => store('second', [given]),
    ];
    const lock = await begin();
    await queueStitch(lock, [heldUp]);
    const held = work[first]!();
    await waiting(1);
    const other = work[then]!();
    // It has to wait for the first; where it does not, it is at its end before that.
    await Promise.race([other, waiting(2)]);
    await lock.rollback();
    await Promise.all([held, other]);
    expect(await references()).toEqual(['entity:location:default/second']);
    expect(await owner()).toBe('team');
  });

  it('keep no relations of an entity that is processed together with a location that lets go of it', async () => {
    const store = await claimLocations();
    await store('first', [toUnprocessed(child().entity, 'same')]);
    await knex('catalog_refresh_state').update({ due_at: 0 });
    const lease = new ProcessingLease(knex);
    const claimed = await lease.take(10);
    await lease.release();
    const relation = { sourceRef: 'group:default/team', type: 'ownerOf', targetRef: e };
    const results = claimed.map(({ id, entity_ref: ref, unprocessed: processed }) => ({
      ...{ id, ref, processed, children: [], ...nothing, ...done, wasDueAt: 0 },
      ...(ref === e && { relations: [relation], refreshKeys: ['key'] }),
    }));
    const options = { claim: lease.claim, keepOrphans: false };
    await commitProcessing(knex, results, options);
    expect(await owner()).toBeUndefined();
    expect(await knex('catalog_relations').select()).toEqual([]);
    expect(await knex('catalog_refresh_keys').select()).toEqual([]);
  });

  it('postpone what was processed after all where PostgreSQL ends that for a deadlock', async () => {
    const entities = [1, 2].map(at => ({ entity: component(`e${at}`) as Entity }));
    await provider('p').applyMutation({ type: 'full', entities });
    const lease = new ProcessingLease(knex);
    const claimed = await lease.take(2);
    const ids = claimed.map(({ id }) => id);
    await lease.release();
    const lock = (id: number) => other('catalog_refresh_state').where({ id }).forUpdate().first('id');
    const other = await begin();
    // The one that does not look for deadlocks itself is not the one that is ended.
    await other.raw("set local deadlock_timeout = '1min'");
    await lock(ids[1]!);
    const options = { claim: lease.claim };
    const postponed = postpone(
      knex,
      claimed.map(({ id, due_at: dueAt }) => ({ id, wasDueAt: Number(dueAt), dueInMs: 3_600_000 })),
      options,
    );
    await waiting(1);
    await lock(ids[0]!);
    await other.commit();
    await postponed;
    expect(await knex('catalog_refresh_state').whereNull('claim').count()).toEqual([{ count: '2' }]);
  });

  describe('with registered locations', () => {
    const at = (target: string) => ({ type: 'file', target });
    let store: LocationStore;

    beforeEach(async () => {
      store = new LocationStore(knex);
      await store.connect(provider(store.getProviderName()));
    });

    async function whileLocked(...work: Array<() => Promise<unknown>>) {
      const lock = await begin();
      await lock.raw('SELECT pg_advisory_xact_lock(7206116, hashtext(?))', [
        `provider:${store.getProviderName()}`,
      ]);
      const results: Array<Promise<unknown>> = [];
      for (const start of work) {
        results.push(start());
        await waiting(results.length);
      }
      await lock.rollback();
      return Promise.allSettled(results);
    }
    const targets = async () =>
      (await knex('catalog_refresh_state').pluck('unprocessed'))
        .map(text => JSON.parse(text).spec.target)
        .sort();
    const registered = async () => (await store.all()).map(({ target }) => target).sort();

    it('lose none that is registered while another instance starts', async () => {
      const starting = new LocationStore(knex);
      await whileLocked(
        () => store.add(at('/a')),
        () => starting.connect(provider(store.getProviderName())),
      );
      expect(await targets()).toEqual(['/a']);
    });

    it('keep nothing of one that is changed twice at once', async () => {
      const { id } = await store.add(at('/a'));
      await whileLocked(
        () => store.update(id, at('/b')),
        () => store.update(id, at('/c')),
      );
      expect(await targets()).toEqual(await registered());
      expect(await targets()).toHaveLength(1);
    });

    it('keep nothing of one that is removed while it is changed', async () => {
      const { id } = await store.add(at('/a'));
      await whileLocked(
        () => store.update(id, at('/b')),
        () => store.remove(id),
      );
      expect(await targets()).toEqual(await registered());
    });

    it('bring nothing back of one that is changed while it is removed', async () => {
      const { id } = await store.add(at('/a'));
      const [, changed] = await whileLocked(
        () => store.remove(id),
        () => store.update(id, at('/b')),
      );
      expect(await targets()).toEqual([]);
      expect(changed).toMatchObject({ reason: { name: 'NotFoundError' } });
    });

    it('refuse a change to where another one is changed to at that moment', async () => {
      const [a, b] = [await store.add(at('/a')), await store.add(at('/b'))];
      const [, changed] = await whileLocked(
        () => store.update(a.id, at('/c')),
        () => store.update(b.id, at('/c')),
      );
      expect(changed).toMatchObject({ reason: { name: 'ConflictError' } });
      expect(await targets()).toEqual(['/b', '/c']);
    });
  });
});
