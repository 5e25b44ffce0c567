// Lets SQLite find the value by which an entity is sorted in an index of its entities.
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';

/**
 * Without the position in this index, SQLite expects to be faster with the primary key, and for each entity looks through
 * all entities that have the field. The index contains the rest of the primary key anyway. PostgreSQL knows better.
 */
export function up(knex: Knex): Promise<void> {
  return replaceIndex(knex, 'entity_id, key, position');
}

export function down(knex: Knex): Promise<void> {
  return replaceIndex(knex, 'entity_id, key');
}

async function replaceIndex(knex: Knex, columns: string): Promise<void> {
  if (isPostgres(knex)) return;
  await knex.raw('DROP INDEX catalog_search_entity');
  await knex.raw(`CREATE INDEX catalog_search_entity ON catalog_search (${columns})`);
}
