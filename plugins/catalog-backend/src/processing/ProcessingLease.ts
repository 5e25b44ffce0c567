// Takes entities that are due, and keeps them from other instances while they are being processed.
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { databaseNow } from '../database/databaseNow';
import { isPostgres, rowsOf } from '../database/valuesTable';

/** So long after an instance was killed others take over what it had claimed. */
const LEASE_MS = 30_000;
const RENEWAL_MS = 10_000;

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
  /** When it was due. The driver of PostgreSQL gives a text. */
  readonly due_at: number | string;
}

/** One claim of many entities; renews itself until it is released. */
export class ProcessingLease {
  /** What is stored under another one is no longer this instance's to write. */
  readonly claim = randomUUID();
  readonly #knex: Knex;
  readonly #timer: NodeJS.Timeout;
  #renewal: Promise<void> = Promise.resolve();

  constructor(knex: Knex) {
    this.#knex = knex;
    this.#timer = setInterval(() => {
      this.#renewal = this.#renew();
    }, RENEWAL_MS).unref();
  }

  /**
   * Claims what is due, at most `limit` entities, the longest overdue first. To be called once. They stay due, so that
   * PostgreSQL need not touch an index for it.
   */
  async take(limit: number): Promise<ClaimedEntity[]> {
    const knex = this.#knex;
    const skipLocked = isPostgres(knex) ? 'FOR UPDATE SKIP LOCKED' : '';
    const now = databaseNow(knex);
    const result = await knex.raw(
      `UPDATE catalog_refresh_state SET claimed_until = ?, claim = ?
       WHERE id IN (
         SELECT id FROM catalog_refresh_state
         WHERE due_at <= ? AND (claimed_until IS NULL OR claimed_until <= ?)
         ORDER BY due_at, id LIMIT ? ${skipLocked}
       )
       RETURNING id, entity_ref, unprocessed, lines, origin, pipeline, result_hash, errors, cache, due_at`,
      [databaseNow(knex, LEASE_MS), this.claim, now, now, limit],
    );
    return rowsOf<ClaimedEntity>(result).sort((a, b) => a.id - b.id);
  }

  /** Resolves when the lease can no longer change. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewal;
  }

  async #renew(): Promise<void> {
    try {
      // What was asked to be refreshed meanwhile is given up.
      await this.#knex('catalog_refresh_state')
        .where({ claim: this.claim })
        .whereNotNull('claimed_until')
        .update({ claimed_until: databaseNow(this.#knex, LEASE_MS) });
    } catch {
      // The next renewal may work; without one, another instance takes over, and what this one stores is dropped.
    }
  }
}
