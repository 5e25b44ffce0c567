// A rate limiter for fetches.

/** A token bucket. */
export class RefetchBudget {
  readonly #burst: number;
  readonly #perSecond: number;
  #permits: number;
  #filledAt = Date.now();

  /** @param options - `burst`: the initial and maximum number of permits; `perSecond`: how many are added per second */
  constructor(options: { burst: number; perSecond: number }) {
    this.#burst = options.burst;
    this.#perSecond = options.perSecond;
    this.#permits = options.burst;
  }

  /** Takes a permit. Returns `false` if there is none. */
  take(): boolean {
    const now = Date.now();
    // If the clock was set back, no permits may be lost.
    const seconds = Math.max(0, now - this.#filledAt) / 1000;
    this.#filledAt = now;
    this.#permits = Math.min(this.#burst, this.#permits + seconds * this.#perSecond);
    if (this.#permits < 1) return false;
    this.#permits -= 1;
    return true;
  }
}
