// Stores the end of a claim separately from the due date, so that claiming an entity updates no index.
import { whileUnused } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';

/**
 * Entities claimed by instances of an earlier release become due when their claim ends, as before. Those instances may
 * process what later ones have claimed, in which case their results are dropped. Their refreshes show in `due_at`.
 */
export async function up(knex: Knex): Promise<void> {
  await whileUnused(knex, tx => tx.raw('ALTER TABLE catalog_refresh_state ADD COLUMN claimed_until bigint'));
}

export async function down(knex: Knex): Promise<void> {
  await whileUnused(knex, tx => tx.raw('ALTER TABLE catalog_refresh_state DROP COLUMN claimed_until'));
}
