// What the clock of the database shows, for instances whose own clocks differ.

/** Follows the clock of the database between queries. */
export class DatabaseClock {
  #shown = Date.now();
  #at = performance.now();

  /** Milliseconds since 1970. Until the first `set` by the clock of this machine. */
  now(): number {
    return Math.round(this.#shown + performance.now() - this.#at);
  }

  /** @param now - what the database showed in an answer that has just come. */
  set(now: number): void {
    this.#shown = now;
    this.#at = performance.now();
  }
}
