// Limits how often something may be fetched.

/** A bucket of permits that fills up again over time. */
export class RefetchBudget {
  readonly #burst: number;
  readonly #perSecond: number;
  #permits: number;
  #filledAt = Date.now();

  /** @param options - the permits at the start, at most so many at any time; and how many come back a second */
  constructor(options: { burst: number; perSecond: number }) {
    this.#burst = options.burst;
    this.#perSecond = options.perSecond;
    this.#permits = options.burst;
  }

  /** Takes a permit; `false` if there is none. */
  take(): boolean {
    const now = Date.now();
    // A clock that was set back must not take permits away.
    const seconds = Math.max(0, now - this.#filledAt) / 1000;
    this.#filledAt = now;
    this.#permits = Math.min(this.#burst, this.#permits + seconds * this.#perSecond);
    if (this.#permits < 1) return false;
    this.#permits -= 1;
    return true;
  }
}
