// Lets PostgreSQL answer from the search index alone, without reading the table.
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
  // What an instance that was killed has left is not complete.
  await knex.raw('DROP INDEX CONCURRENTLY IF EXISTS catalog_search_next');
  await knex.raw(
    `CREATE UNIQUE INDEX CONCURRENTLY catalog_search_next ON catalog_search (key, value, entity_id) ${more}`,
  );
  await knex.raw(
    `ALTER TABLE catalog_search DROP CONSTRAINT catalog_search_pkey,
       ADD CONSTRAINT catalog_search_pkey PRIMARY KEY USING INDEX catalog_search_next`,
  );
}
