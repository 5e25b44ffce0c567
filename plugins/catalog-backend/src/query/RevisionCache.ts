// Keeps what was read from the database for as long as nothing that is served changes.
import type { Knex } from 'knex';
import { rowsOf } from '../database/valuesTable';
import { BoundedEntries } from './BoundedEntries';

/** All that is kept, in bytes: some ten thousand entities. */
const MAX_BYTES = 32 * 1024 * 1024;

/** One number in the database, which every instance raises with its changes, tells whether results still hold. */
export class RevisionCache {
  readonly #knex: Knex;
  #entries = new BoundedEntries(MAX_BYTES);
  #revision: string | undefined;
  #reading: Promise<BoundedEntries> | undefined;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * What holds now. What the caller reads from here on may be put in: it is of this revision or of a later one, and with a
   * later one these entries are not given out again.
   */
  current(): Promise<BoundedEntries> {
    // Those who ask in the same turn share a statement, which is sent after all of them asked: none is told of an older state.
    this.#reading ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#reading = undefined;
        this.#read().then(resolve, reject);
      });
    });
    return this.#reading;
  }

  /** `bytesOf` tells about how much memory a result takes; those that take too much are not kept. */
  async get<T>(key: string, compute: () => Promise<T>, bytesOf: (result: T) => number): Promise<T> {
    const entries = await this.current();
    const known = entries.get<Promise<T>>(key);
    if (known) return known;
    const computed = compute();
    entries.set(key, computed, 0);
    computed.then(
      result => entries.get(key) === computed && entries.set(key, computed, bytesOf(result)),
      // What failed is tried anew by the next one.
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
