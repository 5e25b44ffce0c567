// Claims due entities, and keeps other instances from processing them meanwhile.
import { randomUUID } from 'node:crypto';
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';
import { databaseNow } from '../database/databaseNow';
import { rowsOf } from '../database/valuesTable';

/** How long after an instance was killed others take over its claims. One that stops gives them back. */
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
  /** When it was due. PostgreSQL's driver returns a string. */
  readonly due_at: number | string;
}

/** A single claim on many entities, which renews itself until it is released. */
export class ProcessingLease {
  /** Once a row has a different claim, this instance may no longer write it. */
  readonly claim = randomUUID();
  readonly #knex: Knex;
  readonly #timer: NodeJS.Timeout;
  #renewal: Promise<void> = Promise.resolve();
  #ids: number[] = [];

  constructor(knex: Knex) {
    this.#knex = knex;
    this.#timer = setInterval(() => {
      this.#renewal = this.#renew();
    }, RENEWAL_MS).unref();
  }

  /**
   * Claims up to `limit` due entities, the longest overdue first. May only be called once. The entities stay due, so
   * that PostgreSQL does not have to update an index.
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
    const claimed = rowsOf<ClaimedEntity>(result).sort((a, b) => a.id - b.id);
    this.#ids = claimed.map(({ id }) => id);
    return claimed;
  }

  /** Resolves once no renewal is pending. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewal;
  }

  /** Releases the lease, and lets others claim at once what is not stored by then. */
  async giveBack(): Promise<void> {
    await this.release();
    const left = this.#knex('catalog_refresh_state').whereIn('id', this.#ids).andWhere({ claim: this.claim });
    // What can't be given back is claimed by others once the lease has ended.
    await left.update({ claim: null, claimed_until: null }).catch(() => {});
  }

  async #renew(): Promise<void> {
    try {
      // Does not renew the claim on entities that were refreshed meanwhile.
      await this.#knex('catalog_refresh_state')
        .where({ claim: this.claim })
        .whereNotNull('claimed_until')
        .update({ claimed_until: databaseNow(this.#knex, LEASE_MS) });
    } catch {
      // The next renewal may succeed. Otherwise another instance takes over, and the results of this one are dropped.
    }
  }
}
