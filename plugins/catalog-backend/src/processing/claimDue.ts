// Takes entities that are due, so that no other instance processes them at the same time.
import type { Knex } from 'knex';
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
}

/** How to claim. */
export interface ClaimOptions {
  readonly limit: number;
  /** Unique to this call: what is stored under another claim is no longer this one's to write. */
  readonly claim: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** When an entity is due again if this instance does not finish it. */
  readonly leaseEnd: number;
}

/** The longest overdue first. */
export async function claimDue(
  knex: Knex,
  { limit, claim, now, leaseEnd }: ClaimOptions,
): Promise<ClaimedEntity[]> {
  const skipLocked = isPostgres(knex) ? 'FOR UPDATE SKIP LOCKED' : '';
  const result = await knex.raw(
    `UPDATE catalog_refresh_state SET due_at = CAST(? AS bigint), claim = ?
     WHERE id IN (
       SELECT id FROM catalog_refresh_state WHERE due_at <= CAST(? AS bigint) ORDER BY due_at, id LIMIT ? ${skipLocked}
     )
     RETURNING id, entity_ref, unprocessed, lines, origin, pipeline, result_hash, errors, cache`,
    [leaseEnd, claim, now, limit],
  );
  return rowsOf<ClaimedEntity>(result).sort((a, b) => a.id - b.id);
}
