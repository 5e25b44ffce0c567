// Tests of what metrics show of the queues.
import { randomUUID } from 'node:crypto';
import type { Entity } from '@backstage/catalog-model';
import { recordMetrics } from '@greenroom/testing';
import knexFactory, { type Knex } from 'knex';
import { migrateCatalog } from './database/migrateCatalog';
import { observeQueues } from './observeQueues';
import { addUnprocessed } from './processing/addUnprocessed';
import { ProcessingLease } from './processing/ProcessingLease';
import { toUnprocessed } from './processing/UnprocessedEntity';
import { clients, component } from './testing/startTestCatalog';

describe.each(clients)('observeQueues on %s', client => {
  const schema = `catalog_queues_${randomUUID().slice(0, 8)}`;
  let knex: Knex;
  beforeEach(async () => {
    if (client === 'SQLite') {
      const connection = { filename: ':memory:' };
      knex = knexFactory({ client: 'better-sqlite3', connection, useNullAsDefault: true });
    } else {
      const connection = process.env.GREENROOM_TEST_POSTGRES!;
      knex = knexFactory({ client: 'pg', connection, searchPath: [schema] });
      await knex.raw('CREATE SCHEMA ??', [schema]);
    }
    await migrateCatalog(knex);
  });
  afterEach(async () => {
    if (client !== 'SQLite') await knex.raw('DROP SCHEMA ?? CASCADE', [schema]);
    await knex.destroy();
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
