// What a claim costs PostgreSQL (set GREENROOM_TEST_POSTGRES to a URL).
import { randomBytes } from 'node:crypto';
import type { Entity } from '@backstage/catalog-model';
import type { Knex } from 'knex';
import { createCatalogTables } from '../testing/createCatalogTables';
import { component } from '../testing/startTestCatalog';
import { addUnprocessed } from './addUnprocessed';
import { postpone } from './commitProcessing';
import { ProcessingLease } from './ProcessingLease';
import { toUnprocessed } from './UnprocessedEntity';

const server = process.env.GREENROOM_TEST_POSTGRES;

const title = 'skipped where GREENROOM_TEST_POSTGRES names no server';

(server ? describe : describe.skip)(`a claim on PostgreSQL (${title})`, () => {
  let knex: Knex;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ knex, remove } = await createCatalogTables('PostgreSQL'));
  });
  afterEach(() => remove());

  /** What a provider gives. */
  async function add(names: readonly string[], metadata: object = {}): Promise<void> {
    const given = names.map(name => ({
      source: 'provider:test',
      entity: toUnprocessed(component(name, {}, metadata) as Entity, null),
    }));
    await knex.transaction(async tx => void (await addUnprocessed(tx, given)));
  }

  /** Gives the number of entities that are claimed and postponed. */
  async function look(db: Knex): Promise<number> {
    const lease = new ProcessingLease(db);
    const claimed = await lease.take(1_000);
    await lease.release();
    await postpone(
      db,
      claimed.map(({ id, due_at: dueAt }) => ({ id, wasDueAt: Number(dueAt), dueInMs: 60_000 })),
      { claim: lease.claim },
    );
    return claimed.length;
  }

  it('touches no index', async () => {
    await add(['one']);
    const counted = await knex.transaction(async tx => {
      expect(await look(tx)).toBe(1);
      const { rows } = await tx.raw(
        `SELECT pg_stat_get_xact_tuples_updated(id) AS updated, pg_stat_get_xact_tuples_hot_updated(id) AS hot
         FROM (SELECT 'catalog_refresh_state'::regclass::oid AS id) AS states`,
      );
      return rows;
    });
    // What is postponed moves in the index of what is due.
    expect(counted).toEqual([{ updated: '2', hot: '1' }]);
  });

  it('writes no document of the entity', async () => {
    const names = Array.from({ length: 100 }, (_, at) => `e${at}`);
    // Not to be compressed.
    await add(names, { description: randomBytes(1_000).toString('base64') });
    await knex('catalog_refresh_state').update({ processed: knex.ref('unprocessed') });
    const size = async () => {
      const { rows } = await knex.raw(`SELECT pg_relation_size('catalog_refresh_state') AS size`);
      return Number(rows[0].size);
    };
    const before = await size();
    for (let round = 0; round < 3; round++) {
      await knex('catalog_refresh_state').update({ due_at: 0 });
      expect(await look(knex)).toBe(100);
    }
    // Nine times a hundred rows, of some 300 bytes each.
    expect((await size()) - before).toBeLessThan(600_000);
  });
});
