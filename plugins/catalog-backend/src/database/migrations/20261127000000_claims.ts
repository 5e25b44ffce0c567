// Stores the end of a claim separately from the due date, so that claiming an entity updates no index.
import type { Knex } from 'knex';

/**
 * What instances of an earlier release have claimed is due when that ends, as before. They may process what later ones
 * have claimed, whose results are dropped then. What they ask to be refreshed is known by when it is due.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE catalog_refresh_state ADD COLUMN claimed_until bigint');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE catalog_refresh_state DROP COLUMN claimed_until');
}
