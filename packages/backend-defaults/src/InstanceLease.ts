// A lease that one of several instances holds on something, kept by heartbeats for as long as that instance lives.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** Where a lease is stored, so that other instances see it. Times are the store's own. */
export interface LeaseStore {
  /** Acquires the lease for `durationMs`, counted from the store's current time; `false` if somebody else holds it. */
  acquire(durationMs: number): Promise<boolean>;
  /** Extends the lease to `durationMs` from the store's current time; `false` if this holder has lost it. */
  renew(durationMs: number): Promise<boolean>;
}

/** A lease could not be kept: the store was unreachable for too long, or somebody else holds the lease. */
export class LeaseLostError extends GreenroomError {
  constructor(name: string, reason: string, cause?: unknown) {
    super({
      code: 'GR_LEASE_LOST',
      message: `The lease on ${name} was lost: ${reason}`,
      hint: 'Look for a database that is slow or out of reach, for work that blocks the event loop, and for a process or machine that was suspended.',
      cause,
    });
  }
}

/**
 * A held lease. Its holder renews it three times per lease duration, and counts from before each request was sent, so
 * it gives up a tenth of the duration before any other instance can take over, whatever the clocks show. Only a machine that
 * was suspended with its monotonic clock finds out later, at the next renewal.
 *
 * @public
 */
export class InstanceLease {
  readonly #name: string;
  readonly #store: LeaseStore;
  readonly #durationMs: number;
  readonly #lost = new AbortController();
  #heartbeat: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #lastFailure: unknown;
  #over = false;

  private constructor(name: string, store: LeaseStore, durationMs: number) {
    this.#name = name;
    this.#store = store;
    this.#durationMs = durationMs;
  }

  /**
   * Acquires the lease if nobody holds it; resolves to undefined otherwise. Rejects if the store does.
   *
   * @param options - `name` for messages (`task 'refresh'`); `durationMs` after which others may take over from a dead holder.
   */
  static async acquire(
    store: LeaseStore,
    options: { name: string; durationMs: number },
  ): Promise<InstanceLease | undefined> {
    const lease = new InstanceLease(options.name, store, options.durationMs);
    const sentAt = performance.now();
    if (!(await store.acquire(options.durationMs))) return undefined;
    lease.#keptSince(sentAt);
    return lease;
  }

  /** Aborted with a `LeaseLostError` as soon as the lease can no longer be relied on. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Stops the heartbeats, then returns the lease with `giveBack`, which must do nothing if somebody else holds it by
   * now. If that fails, the lease expires by itself.
   */
  release<T>(giveBack: () => Promise<T>): Promise<T> {
    this.#end();
    return giveBack();
  }

  #keptSince(sentAt: number): void {
    clearTimeout(this.#deadline);
    const elapsed = performance.now() - sentAt;
    const left = this.#durationMs * 0.9 - elapsed;
    if (left <= 0) {
      this.#lose('the store took too long to answer');
      return;
    }
    this.#deadline = setTimeout(() => this.#lose('it could not be renewed in time', this.#lastFailure), left);
    this.#beatIn(this.#durationMs / 3 - elapsed);
  }

  #beatIn(milliseconds: number): void {
    this.#heartbeat = setTimeout(() => void this.#beat(), Math.max(0, milliseconds));
  }

  async #beat(): Promise<void> {
    const sentAt = performance.now();
    try {
      const kept = await this.#store.renew(this.#durationMs);
      if (this.#over) return;
      this.#lastFailure = undefined;
      if (kept) {
        this.#keptSince(sentAt);
      } else {
        this.#lose('another instance holds it');
      }
    } catch (error) {
      if (this.#over) return;
      // The deadline decides how long it is worth trying.
      this.#lastFailure = error;
      this.#beatIn(this.#durationMs / 10);
    }
  }

  #lose(reason: string, cause?: unknown): void {
    if (this.#over) return;
    this.#end();
    this.#lost.abort(new LeaseLostError(this.#name, reason, cause));
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#heartbeat);
    clearTimeout(this.#deadline);
  }
}
