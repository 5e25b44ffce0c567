// What people change while PostgreSQL lets them and others wait for each other.
import type { Entity } from '@backstage/catalog-model';
import type { Knex } from 'knex';
import { createCatalogDatabase } from '../testing/createCatalogTables';
import { component, entity } from '../testing/startTestCatalog';
import { addUnprocessed } from './addUnprocessed';
import { EntityChanges } from './EntityChanges';
import { toUnprocessed } from './UnprocessedEntity';

const postgres = process.env.GREENROOM_TEST_POSTGRES;
const suite = postgres ? describe : describe.skip;

suite('EntityChanges (skipped where GREENROOM_TEST_POSTGRES names no server)', () => {
  let database: Awaited<ReturnType<typeof createCatalogDatabase>>;
  let knex: Knex;

  beforeAll(async () => {
    database = await createCatalogDatabase();
    knex = database.knex;
  });
  afterAll(async () => {
    await database.remove();
  });

  it('are made after all where PostgreSQL ends them for a deadlock', async () => {
    const parent = entity('Location', 'l', { type: 'file', targets: [] });
    const given = [
      { source: 'provider:test', entity: toUnprocessed(parent as Entity, null) },
      { source: 'entity:location:default/l', entity: toUnprocessed(component('a') as Entity, null) },
    ];
    await knex.transaction(async tx => void (await addUnprocessed(tx, given)));
    await knex('catalog_references').insert([
      { source: 'entity:location:default/l', target_ref: 'component:default/a' },
    ]);
    const lock = (tx: Knex.Transaction, ref: string) =>
      tx('catalog_refresh_state').where({ entity_ref: ref }).forUpdate().first('uid');

    const other = await knex.transaction();
    // The one that does not look for deadlocks itself is not the one that is ended.
    await other.raw("set local deadlock_timeout = '1min'");
    const { uid } = await lock(other, 'component:default/a');
    const removed = new EntityChanges(knex, () => {}).removeByUid(uid);
    await database.waiting(1);
    await lock(other, 'location:default/l');
    await other.commit();

    await removed;
    expect(await knex('catalog_refresh_state').pluck('entity_ref')).toEqual(['location:default/l']);
  });
});
