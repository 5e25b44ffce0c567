// Stores the documents of entities outside of the rows of their state, which are written twice whenever an entity is refreshed.
import type { Knex } from 'knex';

/**
 * An update in PostgreSQL copies the whole row, except for values stored out of line, and by default up to 2 KB stay in the
 * row. Existing rows become narrow with their next update. SQLite has nothing comparable.
 */
export async function up(knex: Knex): Promise<void> {
  if (knex.client.config.client !== 'pg') return;
  await knex.raw('ALTER TABLE catalog_refresh_state SET (toast_tuple_target = 128)');
}

export async function down(knex: Knex): Promise<void> {
  if (knex.client.config.client !== 'pg') return;
  await knex.raw('ALTER TABLE catalog_refresh_state RESET (toast_tuple_target)');
}
