// Remembers which keys changed while the store could not be told, so that their old values are not served later.

/** A set of keys that stops growing at its bound and then knows that it is not complete. */
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
   * Gives every key to `remove` until none is left, those that were added meanwhile included. What could not be removed is kept,
   * and the rejection passed on. Resolves to whether all changed keys were known.
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
