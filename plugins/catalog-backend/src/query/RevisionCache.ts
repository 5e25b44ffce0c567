// Caches query results until anything that is served changes.
import type { Knex } from 'knex';
import { rowsOf } from '../database/valuesTable';
import { BoundedEntries } from './BoundedEntries';

/** The total size in bytes, enough for some ten thousand entities. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Results are valid until a number in the database changes, which every instance increments with its changes. */
export class RevisionCache {
  readonly #knex: Knex;
  #entries = new BoundedEntries(MAX_BYTES);
  #revision: string | undefined;
  #reading: Promise<BoundedEntries> | undefined;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * The entries that are valid now. The caller may add whatever it reads afterwards: it is from this revision or a
   * later one, and once there is a later one, these entries are not used any more.
   */
  current(): Promise<BoundedEntries> {
    // Callers in the same turn share a statement that is sent after all of them have asked, so none gets an older state.
    this.#reading ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#reading = undefined;
        this.#read().then(resolve, reject);
      });
    });
    return this.#reading;
  }

  /** `bytesOf` returns the approximate size of a result. Results that are too large are not kept. */
  async get<T>(key: string, compute: () => Promise<T>, bytesOf: (result: T) => number): Promise<T> {
    const entries = await this.current();
    const known = entries.get<Promise<T>>(key);
    if (known) return known;
    const computed = compute();
    entries.set(key, computed, 0);
    computed.then(
      result => entries.get(key) === computed && entries.set(key, computed, bytesOf(result)),
      // The next caller tries again after a failure.
      () => entries.get(key) === computed && entries.delete(key),
    );
    return computed;
  }

  async #read(): Promise<BoundedEntries> {
    const [row] = rowsOf<{ revision: number | string }>(
      await this.#knex.raw('SELECT revision FROM catalog_revision'),
    );
    const revision = String(row?.revision);
    if (revision !== this.#revision) {
      this.#revision = revision;
      this.#entries = new BoundedEntries(MAX_BYTES);
    }
    return this.#entries;
  }
}
