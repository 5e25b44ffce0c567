// What a claim costs PostgreSQL (set GREENROOM_TEST_POSTGRES to a URL).
import { randomUUID } from 'node:crypto';
import type { Entity } from '@backstage/catalog-model';
import knexFactory from 'knex';
import { migrateCatalog } from '../database/migrateCatalog';
import { component } from '../testing/startTestCatalog';
import { addUnprocessed } from './addUnprocessed';
import { postpone } from './commitProcessing';
import { type ClaimedEntity, ProcessingLease } from './ProcessingLease';
import { toUnprocessed } from './UnprocessedEntity';

const server = process.env.GREENROOM_TEST_POSTGRES;

(server ? it : it.skip)(
  'claims without touching an index (skipped where GREENROOM_TEST_POSTGRES names no server)',
  async () => {
    const schema = `catalog_claims_${randomUUID().slice(0, 8)}`;
    const knex = knexFactory({ client: 'pg', connection: server!, searchPath: [schema] });
    try {
      await knex.raw('CREATE SCHEMA ??', [schema]);
      await migrateCatalog(knex);
      const entity = toUnprocessed(component('one') as Entity, null);
      await knex.transaction(
        async tx => void (await addUnprocessed(tx, [{ source: 'provider:test', entity }])),
      );
      const counted = await knex.transaction(async tx => {
        const lease = new ProcessingLease(tx);
        const claimed = await lease.take(10);
        await lease.release();
        expect(claimed).toHaveLength(1);
        const [{ id, due_at: dueAt }] = claimed as [ClaimedEntity];
        const postponed = { id, wasDueAt: Number(dueAt), dueInMs: 60_000 };
        await postpone(tx, [postponed], { claim: lease.claim });
        const { rows } = await tx.raw(
          `SELECT pg_stat_get_xact_tuples_updated(id) AS updated, pg_stat_get_xact_tuples_hot_updated(id) AS hot
           FROM (SELECT 'catalog_refresh_state'::regclass::oid AS id) AS states`,
        );
        return rows;
      });
      // What is postponed moves in the index of what is due.
      expect(counted).toEqual([{ updated: '2', hot: '1' }]);
    } finally {
      await knex.raw('DROP SCHEMA ?? CASCADE', [schema]);
      await knex.destroy();
    }
  },
);
