// Keeps PostgreSQL's table statistics up to date while a catalog is being filled.
import type { Knex } from 'knex';
import { isPostgres } from './valuesTable';

/** Far fewer than it takes to mislead the planner. */
const AFTER_CHANGES = 1_000;

/**
 * PostgreSQL gathers statistics by itself, but some minutes late, and until then it plans for empty tables: with 10,000
 * entities, pages took seconds. Where a catalog that was emptied fills again, each of thousands of writes would read all that is
 * there by then. SQLite plans well without.
 */
export class PlannerStatistics {
  readonly #knex: Knex;
  #changes = 0;
  #enough = AFTER_CHANGES;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Counts entities that were written since the last refresh. */
  note(changes: number): void {
    this.#changes += changes;
  }

  /** Costs nothing until many have been written; for as long as there is more to write, each time twice as many. */
  async refresh(isBusy: boolean): Promise<void> {
    if (!isBusy) this.#enough = AFTER_CHANGES;
    if (this.#changes < this.#enough || !isPostgres(this.#knex)) return;
    this.#changes = 0;
    this.#enough *= 2;
    // Whoever holds one of them is another instance at this, or PostgreSQL itself.
    await this.#knex.raw(
      'ANALYZE (SKIP_LOCKED) catalog_search, catalog_entities, catalog_relations, catalog_references, catalog_refresh_state',
    );
  }
}
