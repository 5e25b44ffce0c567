// Tests what is left of an entity in the tables of what is served, and which rows are written, when it is put together again.
import type { Knex } from 'knex';
import { createCatalogTables } from '../testing/createCatalogTables';
import { clients, component } from '../testing/startTestCatalog';
import { queueStitch } from './queueStitch';
import { stitchNext } from './stitchNext';

describe.each(clients)('stitchNext on %s', client => {
  const ref = 'component:default/c';
  let knex: Knex;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ knex, remove } = await createCatalogTables(client));
  });
  afterEach(async () => {
    await remove();
  });

  /** As processing leaves it. */
  async function store(id: number, metadata: object): Promise<void> {
    const processed = JSON.stringify(component('c', {}, metadata));
    const row = { uid: `u${id}`, entity_ref: ref, unprocessed: processed, unprocessed_hash: 'h', due_at: 0 };
    await knex('catalog_refresh_state').where('entity_ref', ref).delete();
    const forced = client === 'SQLite' ? '' : 'OVERRIDING SYSTEM VALUE';
    const given = Object.entries({ id, ...row, processed });
    await knex.raw(
      `INSERT INTO catalog_refresh_state (${given.map(([name]) => name).join()}) ${forced}
       VALUES (${given.map(() => '?').join()})`,
      given.map(([, value]) => value),
    );
  }
  async function stitch() {
    await queueStitch(knex, [ref]);
    return stitchNext(knex, 10);
  }
  const relate = (from: number, to: number) =>
    knex.raw(
      `WITH RECURSIVE n (at) AS (SELECT ${from} UNION ALL SELECT at + 1 FROM n WHERE at < ${to})
       INSERT INTO catalog_relations (origin_id, source_ref, type, target_ref)
       SELECT 9, '${ref}', 'ownedBy', 'group:default/crew' || at FROM n`,
    );
  const found = () => knex('catalog_search').orderBy('entity_id').distinct('entity_id').pluck('entity_id');

  it('leaves nothing of an entity that was removed and came back before its removal was served', async () => {
    await store(1, { title: 'Old' });
    await stitch();
    expect(await found()).toEqual([1]);
    await store(2, { title: 'New' });
    expect(await stitch()).toMatchObject({ added: [], changed: [ref], removed: [] });
    expect(await found()).toEqual([2]);
    expect(await knex('catalog_search').where('key', 'metadata.title').pluck('value')).toEqual(['new']);
  });

  it('serves a new entity before the removal of an earlier one is', async () => {
    const add = async (name: string) => {
      const [uid, entity_ref] = [`u${name}`, `component:default/${name}`];
      const text = JSON.stringify(component(name));
      const state = { unprocessed: text, unprocessed_hash: 'h', processed: text, due_at: 0 };
      await knex('catalog_refresh_state').insert({ uid, entity_ref, ...state });
      await queueStitch(knex, [entity_ref]);
    };
    await add('z');
    await stitchNext(knex, 1);
    await knex('catalog_refresh_state').delete();
    await queueStitch(knex, ['component:default/z']);
    await add('a');
    expect(await stitchNext(knex, 1)).toMatchObject({ added: ['component:default/a'] });
    expect(await stitchNext(knex, 1)).toMatchObject({ removed: ['component:default/z'] });
    expect(await knex('catalog_search').where('key', 'metadata.name').pluck('value')).toEqual(['a']);
  });

  it('removes what it is no longer found by, and everything of one that is gone', async () => {
    await store(1, { title: 'C', tags: ['a', 'b'] });
    await stitch();
    await store(1, { title: 'c', tags: ['b'] });
    await stitch();
    const values = knex('catalog_search').select('key', 'value', 'original').orderBy('key');
    expect(await values.clone().where('key', 'like', 'metadata.t%')).toEqual([
      { key: 'metadata.tags', value: 'b', original: 'b' },
      { key: 'metadata.tags.b', value: 'true', original: 'true' },
      { key: 'metadata.title', value: 'c', original: 'c' },
    ]);
    await knex('catalog_refresh_state').delete();
    expect(await stitch()).toMatchObject({ removed: [ref] });
    expect(await found()).toEqual([]);
  });

  it('tells by the revision of all that is served differently, and of nothing else', async () => {
    const risesWith = async (change: () => Promise<unknown>) => {
      const read = async () => Number((await knex('catalog_revision').first('revision'))!.revision);
      const before = await read();
      await change();
      await stitch();
      return (await read()) > before;
    };
    expect(await risesWith(() => store(1, { title: 'Old' }))).toBe(true);
    expect(await risesWith(() => store(1, { title: 'Old' }))).toBe(false);
    expect(await risesWith(() => store(1, { title: 'New' }))).toBe(true);
    expect(await risesWith(() => knex('catalog_refresh_state').delete())).toBe(true);
    expect(await risesWith(async () => {})).toBe(false);
  });

  it('writes those rows alone that are others than before', async () => {
    await store(1, {});
    await relate(1, 3_000);
    await stitch();
    await countWrites();
    await relate(3_001, 3_001);
    expect(await stitch()).toMatchObject({ changed: [ref] });
    expect(await knex('writes').orderBy('key').pluck('key')).toEqual([
      'metadata.etag',
      'metadata.etag',
      'relations.ownedby',
    ]);
  });

  /** From now on a row of `writes` has the key of each row that is inserted or deleted. */
  async function countWrites(): Promise<void> {
    await knex.raw('CREATE TABLE writes (key text)');
    for (const [event, row] of [
      ['INSERT', 'new'],
      ['DELETE', 'old'],
    ]) {
      const note = `INSERT INTO writes VALUES (${row}.key);`;
      if (client === 'SQLite') {
        await knex.raw(`CREATE TRIGGER on_${event} AFTER ${event} ON catalog_search BEGIN ${note} END`);
        continue;
      }
      const body = `BEGIN ${note} RETURN NULL; END`;
      await knex.raw(`CREATE FUNCTION note_${event}() RETURNS trigger LANGUAGE plpgsql AS $$ ${body} $$`);
      await knex.raw(
        `CREATE TRIGGER on_${event} AFTER ${event} ON catalog_search FOR EACH ROW EXECUTE FUNCTION note_${event}()`,
      );
    }
  }
});
