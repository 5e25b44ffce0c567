// Keeps what was computed from all entities for as long as none of them changes.
import type { Knex } from 'knex';
import { rowsOf } from '../database/valuesTable';

const MAX_ENTRIES = 500;

/** One number in the database, which every instance raises with its changes, tells whether results still hold. */
export class RevisionCache {
  readonly #knex: Knex;
  readonly #entries = new Map<string, Promise<unknown>>();
  #revision: string | undefined;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async get<T>(key: string, compute: () => Promise<T>): Promise<T> {
    const [row] = rowsOf<{ revision: number | string }>(
      await this.#knex.raw('SELECT revision FROM catalog_revision'),
    );
    const revision = String(row?.revision);
    if (revision !== this.#revision) {
      this.#revision = revision;
      this.#entries.clear();
    }
    const known = this.#entries.get(key);
    if (known) return known as Promise<T>;
    const computed = compute();
    if (this.#entries.size >= MAX_ENTRIES) this.#entries.delete(this.#entries.keys().next().value!);
    this.#entries.set(key, computed);
    // What failed is tried anew by the next one.
    computed.catch(() => this.#entries.get(key) === computed && this.#entries.delete(key));
    return computed;
  }
}
