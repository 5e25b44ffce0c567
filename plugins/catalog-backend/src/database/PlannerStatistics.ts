// Keeps what PostgreSQL knows of the tables up to date while a catalog fills.
import type { Knex } from 'knex';
import { isPostgres } from './valuesTable';

/** Far fewer than it takes for a plan to be wrong by much. */
const AFTER_CHANGES = 1_000;

/**
 * PostgreSQL gathers statistics by itself, but some minutes late, and until then it plans for empty tables: with 10,000
 * entities, pages took seconds. SQLite plans well without.
 */
export class PlannerStatistics {
  readonly #knex: Knex;
  #changes = 0;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Adds to the number of entities that were written since the last time. */
  note(changes: number): void {
    this.#changes += changes;
  }

  /** Costs nothing until many have been written. */
  async refresh(): Promise<void> {
    if (this.#changes < AFTER_CHANGES || !isPostgres(this.#knex)) return;
    this.#changes = 0;
    await this.#knex.raw(
      'ANALYZE catalog_search, catalog_entities, catalog_relations, catalog_refresh_state',
    );
  }
}
