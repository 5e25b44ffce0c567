// Remembers the keys that changed while the store was unavailable, so that their old values are not served later.

/** A set of keys with a maximum size, which knows whether it is complete. */
export class StaleKeys {
  readonly #keys = new Set<string>();
  readonly #bound: number;
  #overflowed = false;

  constructor(bound = 10_000) {
    this.#bound = bound;
  }

  add(key: string): void {
    if (this.#keys.size < this.#bound || this.#keys.has(key)) {
      this.#keys.add(key);
    } else {
      this.#overflowed = true;
    }
  }

  /**
   * Calls `remove` for every key until none is left, including keys added meanwhile. Keys that could not be removed
   * are kept, and the rejection is passed on. Resolves to whether all changed keys were known.
   */
  async flush(remove: (key: string) => Promise<unknown>): Promise<boolean> {
    while (this.#keys.size > 0) {
      const keys = [...this.#keys];
      this.#keys.clear();
      try {
        await Promise.all(keys.map(remove));
      } catch (error) {
        keys.forEach(key => this.add(key));
        throw error;
      }
    }
    const complete = !this.#overflowed;
    this.#overflowed = false;
    return complete;
  }
}
