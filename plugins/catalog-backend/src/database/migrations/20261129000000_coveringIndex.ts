// Lets PostgreSQL answer from the search index alone, without reading the table.
import { whileUnused } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';

/** The index is built while others write, which a transaction can't do. */
export const config = { transaction: false };

/**
 * The rows of one field are spread over the whole table: counting the values of one field read all of it. SQLite stores
 * the table in its primary key anyway.
 */
export function up(knex: Knex): Promise<void> {
  return replaceKey(knex, 'INCLUDE (original, position)');
}

export function down(knex: Knex): Promise<void> {
  return replaceKey(knex, '');
}

async function replaceKey(knex: Knex, more: string): Promise<void> {
  if (knex.client.config.client !== 'pg') return;
  // The server may still be working on what a killed instance had begun, and others may analyse the table. Waiting for
  // them may end as a deadlock, or with an index that is "concurrently updated".
  await repeat(() => build(knex, more), { codes: ['40P01', 'XX000'], attempts: 5 });
  await whileUnused(knex, tx =>
    tx.raw(
      `ALTER TABLE catalog_search DROP CONSTRAINT catalog_search_pkey,
         ADD CONSTRAINT catalog_search_pkey PRIMARY KEY USING INDEX catalog_search_next`,
    ),
  );
}

async function build(knex: Knex, more: string): Promise<void> {
  // What an instance that was killed has left is not complete.
  await knex.raw('DROP INDEX CONCURRENTLY IF EXISTS catalog_search_next');
  await knex.raw(
    `CREATE UNIQUE INDEX CONCURRENTLY catalog_search_next ON catalog_search (key, value, entity_id) ${more}`,
  );
}

/** Repeats what fails with one of the codes. */
async function repeat(
  work: () => Promise<void>,
  { codes, attempts }: { codes: string[]; attempts: number },
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !codes.includes((error as { code?: string }).code ?? '')) throw error;
    }
  }
}
