// Keeps claimed entities claimed while they are being processed.
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';

/** So long after an instance was killed others take over what it had claimed. */
const LEASE_MS = 30_000;
const RENEWAL_MS = 10_000;

/** One claim of many entities; renews itself until it is released. */
export class ProcessingLease {
  readonly claim = randomUUID();
  #end: number;
  readonly #knex: Knex;
  readonly #timer: NodeJS.Timeout;
  #renewal: Promise<void> = Promise.resolve();

  constructor(knex: Knex, now: number) {
    this.#knex = knex;
    this.#end = now + LEASE_MS;
    this.#timer = setInterval(() => {
      this.#renewal = this.#renew();
    }, RENEWAL_MS).unref();
  }

  /** Milliseconds since 1970. */
  get end(): number {
    return this.#end;
  }

  /** Resolves when the lease can no longer change. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewal;
  }

  async #renew(): Promise<void> {
    const end = Date.now() + LEASE_MS;
    try {
      await this.#knex('catalog_refresh_state')
        .where({ claim: this.claim, due_at: this.#end })
        .update({ due_at: end });
      this.#end = end;
    } catch {
      // The next renewal may work; without one, another instance takes over, and what this one stores is dropped.
    }
  }
}
