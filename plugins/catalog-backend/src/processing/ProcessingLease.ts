// Keeps claimed entities claimed while they are being processed.
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { databaseNow } from '../database/databaseNow';
import { type ClaimedEntity, claimDue } from './claimDue';

/** So long after an instance was killed others take over what it had claimed. */
const LEASE_MS = 30_000;
const RENEWAL_MS = 10_000;

/** One claim of many entities; renews itself until it is released. */
export class ProcessingLease {
  readonly claim = randomUUID();
  #end = NaN;
  readonly #knex: Knex;
  readonly #timer: NodeJS.Timeout;
  #renewal: Promise<void> = Promise.resolve();

  constructor(knex: Knex) {
    this.#knex = knex;
    this.#timer = setInterval(() => {
      this.#renewal = this.#renew();
    }, RENEWAL_MS).unref();
  }

  /** Claims what is due, at most `limit` entities. To be called once. */
  async take(limit: number): Promise<ClaimedEntity[]> {
    const claimed = await claimDue(this.#knex, { limit, claim: this.claim, leaseMs: LEASE_MS });
    this.#end = Number(claimed[0]?.due_at);
    return claimed;
  }

  /** Milliseconds since 1970, by the clock of the database. */
  get end(): number {
    return this.#end;
  }

  /** Resolves when the lease can no longer change. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewal;
  }

  async #renew(): Promise<void> {
    if (Number.isNaN(this.#end)) return;
    try {
      const [kept] = await this.#knex('catalog_refresh_state')
        .where({ claim: this.claim, due_at: this.#end })
        .update({ due_at: databaseNow(this.#knex, LEASE_MS) })
        .returning('due_at');
      if (kept) this.#end = Number(kept.due_at);
    } catch {
      // The next renewal may work; without one, another instance takes over, and what this one stores is dropped.
    }
  }
}
