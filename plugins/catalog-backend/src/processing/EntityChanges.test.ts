// What people change while PostgreSQL lets them and others wait for each other.
import { randomUUID } from 'node:crypto';
import type { Entity } from '@backstage/catalog-model';
import { eventually } from '@greenroom/testing';
import knexFactory, { type Knex } from 'knex';
import { migrateCatalog } from '../database/migrateCatalog';
import { component, entity } from '../testing/startTestCatalog';
import { addUnprocessed } from './addUnprocessed';
import { EntityChanges } from './EntityChanges';
import { toUnprocessed } from './UnprocessedEntity';

const postgres = process.env.GREENROOM_TEST_POSTGRES;
const suite = postgres ? describe : describe.skip;

suite('EntityChanges (skipped where GREENROOM_TEST_POSTGRES names no server)', () => {
  const name = `catalog_test_${randomUUID().slice(0, 8)}`;
  let admin: Knex;
  let knex: Knex;

  beforeAll(async () => {
    admin = knexFactory({ client: 'pg', connection: postgres! });
    await admin.raw('create database ??', [name]);
    const url = new URL(postgres!);
    url.pathname = name;
    knex = knexFactory({ client: 'pg', connection: url.toString() });
    await migrateCatalog(knex);
  });
  afterAll(async () => {
    await knex.destroy();
    await admin.raw('drop database ?? with (force)', [name]);
    await admin.destroy();
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
    const waiting = () =>
      admin('pg_stat_activity').where({ datname: name, wait_event_type: 'Lock' }).count('pid');
    await eventually(async () => expect(await waiting()).toEqual([{ count: '1' }]));
    await lock(other, 'location:default/l');
    await other.commit();

    await removed;
    expect(await knex('catalog_refresh_state').pluck('entity_ref')).toEqual(['location:default/l']);
  });
});
