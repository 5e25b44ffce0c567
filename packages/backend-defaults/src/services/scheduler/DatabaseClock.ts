// The clock of the database, because the clocks of instances may differ.

/** Extrapolates the database's clock between queries. */
export class DatabaseClock {
  #shown = Date.now();
  #at = performance.now();

  /** Milliseconds since 1970. Uses the local clock until the first `set`. */
  now(): number {
    return Math.round(this.#shown + performance.now() - this.#at);
  }

  /** @param now - the database's time in an answer that has just arrived. */
  set(now: number): void {
    this.#shown = now;
    this.#at = performance.now();
  }
}
