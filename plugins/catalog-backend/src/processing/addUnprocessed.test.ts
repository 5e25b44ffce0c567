// Which source an entity belongs to, whatever others give.
import type { Entity } from '@backstage/catalog-model';
import type { Knex } from 'knex';
import { createCatalogTables } from '../testing/createCatalogTables';
import { clients, component } from '../testing/startTestCatalog';
import { addRows } from '../database/replaceRows';
import { addUnprocessed } from './addUnprocessed';
import { REFERENCES } from './ownedRows';
import { toUnprocessed } from './UnprocessedEntity';

describe.each(clients)('entities that several sources give, on %s', client => {
  let knex: Knex;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ knex, remove } = await createCatalogTables(client));
  });
  afterEach(() => remove());

  const give = async (locationKey: string | null, owner = 'team') => {
    const entity = toUnprocessed(component('e', { owner }) as Entity, locationKey);
    const source = `provider:${locationKey}`;
    const conflicts = await addUnprocessed(knex, [{ source, entity }]);
    if (conflicts.length === 0) await addRows(knex, REFERENCES, [[source, entity.ref]]);
    return conflicts;
  };
  const conflict = [expect.objectContaining({ heldBy: 'first' })];

  it('belong to the first that claims them, even if that gives the same as one without a claim', async () => {
    expect(await give(null)).toEqual([]);
    expect(await give('first')).toEqual([]);
    expect(await give('second')).toEqual(conflict);
    expect(await give(null)).toEqual(conflict);
    expect(await give('first', 'crew')).toEqual([]);
    const row = await knex('catalog_refresh_state').first('location_key', 'unprocessed');
    expect(row).toEqual({ location_key: 'first', unprocessed: expect.stringContaining('crew') });
  });

  it('stay under a location key as long as their source gives them there, or can not read it', async () => {
    const under = (locationKey: string) => toUnprocessed(component('e') as Entity, locationKey);
    const twice = ['first', 'second'].map(key => ({ source: 'provider:p', entity: under(key) }));
    const key = async () => (await knex('catalog_refresh_state').first('location_key')).location_key;
    for (let round = 0; round < 3; round++) {
      expect(await addUnprocessed(knex, twice)).toEqual(conflict);
      expect(await key()).toBe('first');
    }
    const unread = [['provider:p', under('first').ref]] as const;
    expect(await addUnprocessed(knex, twice.slice(1), unread)).toEqual(conflict);
    expect(await addUnprocessed(knex, twice.slice(1))).toEqual([]);
    expect(await key()).toBe('second');
  });

  it('are processed anew once they change, and not before', async () => {
    await give('first');
    const later = { due_at: Date.now() + 1e9, claimed_until: Date.now() + 1e9 };
    await knex('catalog_refresh_state').update(later);
    const state = async () => {
      const row = await knex('catalog_refresh_state').first('due_at', 'claimed_until');
      return [Number(row.due_at) < later.due_at, row.claimed_until];
    };
    await give('first');
    expect(await state()).toEqual([false, expect.anything()]);
    await give('first', 'crew');
    expect(await state()).toEqual([true, null]);
  });
});
