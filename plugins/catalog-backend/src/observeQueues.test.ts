// Tests of what metrics show of the queues.
import type { Entity } from '@backstage/catalog-model';
import { recordMetrics } from '@greenroom/testing';
import type { Knex } from 'knex';
import { observeQueues } from './observeQueues';
import { addUnprocessed } from './processing/addUnprocessed';
import { ProcessingLease } from './processing/ProcessingLease';
import { toUnprocessed } from './processing/UnprocessedEntity';
import { createCatalogTables } from './testing/createCatalogTables';
import { clients, component } from './testing/startTestCatalog';

describe.each(clients)('observeQueues on %s', client => {
  let knex: Knex;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ knex, remove } = await createCatalogTables(client));
  });
  afterEach(async () => {
    await remove();
  });

  it('counts what is due and nobody has claimed, or whose claim has ended', async () => {
    const { service, collect } = recordMetrics();
    observeQueues(service, knex);
    const length = async () => (await collect())['catalog.processing.queue.length'];
    const given = ['one', 'two', 'three'].map(name => ({
      source: 'provider:test',
      entity: toUnprocessed(component(name) as Entity, null),
    }));
    await knex.transaction(async tx => void (await addUnprocessed(tx, given)));
    expect(await length()).toBe(3);
    const lease = new ProcessingLease(knex);
    expect(await lease.take(2)).toHaveLength(2);
    await lease.release();
    expect(await length()).toBe(1);
    await knex('catalog_refresh_state').whereNotNull('claimed_until').update({ claimed_until: 1 });
    expect(await length()).toBe(3);
  });
});
