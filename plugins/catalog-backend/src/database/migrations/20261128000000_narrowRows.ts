// Keeps the documents of entities beside the rows of their state, which are written twice each time an entity is looked at.
import type { Knex } from 'knex';

/**
 * PostgreSQL writes a row anew as a whole, but for what it keeps elsewhere, and by itself keeps some 2 KB in the row. Rows
 * that are there already become narrow when they are next written. SQLite has nothing of the kind.
 */
export async function up(knex: Knex): Promise<void> {
  if (knex.client.config.client !== 'pg') return;
  await knex.raw('ALTER TABLE catalog_refresh_state SET (toast_tuple_target = 128)');
}

export async function down(knex: Knex): Promise<void> {
  if (knex.client.config.client !== 'pg') return;
  await knex.raw('ALTER TABLE catalog_refresh_state RESET (toast_tuple_target)');
}
