// Takes entities that are due, so that no other instance processes them at the same time.
import type { Knex } from 'knex';
import { databaseNow } from '../database/databaseNow';
import { isPostgres, rowsOf } from '../database/valuesTable';

/** A stored entity that this instance may process until its lease ends. */
export interface ClaimedEntity {
  readonly id: number;
  readonly entity_ref: string;
  readonly unprocessed: string;
  readonly lines: string | null;
  readonly origin: string | null;
  readonly pipeline: string | null;
  readonly result_hash: string | null;
  readonly errors: string | null;
  readonly cache: string | null;
  /** The end of the lease. The driver of PostgreSQL gives a text. */
  readonly due_at: number | string;
}

/** How to claim. */
export interface ClaimOptions {
  readonly limit: number;
  /** Unique to this call: what is stored under another claim is no longer this one's to write. */
  readonly claim: string;
  /** After how long an entity is due again if this instance does not finish it. */
  readonly leaseMs: number;
}

/** The longest overdue first. */
export async function claimDue(
  knex: Knex,
  { limit, claim, leaseMs }: ClaimOptions,
): Promise<ClaimedEntity[]> {
  const skipLocked = isPostgres(knex) ? 'FOR UPDATE SKIP LOCKED' : '';
  const result = await knex.raw(
    `UPDATE catalog_refresh_state SET due_at = ?, claim = ?
     WHERE id IN (
       SELECT id FROM catalog_refresh_state WHERE due_at <= ? ORDER BY due_at, id LIMIT ? ${skipLocked}
     )
     RETURNING id, entity_ref, unprocessed, lines, origin, pipeline, result_hash, errors, cache, due_at`,
    [databaseNow(knex, leaseMs), claim, databaseNow(knex), limit],
  );
  return rowsOf<ClaimedEntity>(result).sort((a, b) => a.id - b.id);
}
