// Keeps PostgreSQL's table statistics up to date while a catalog is being filled.
import type { Knex } from 'knex';
import { isPostgres } from './valuesTable';

/** Far fewer than it takes to mislead the planner. */
const AFTER_CHANGES = 1_000;

/**
 * PostgreSQL gathers statistics by itself, but only some minutes later, and until then plans as if the tables were
 * empty: with 10,000 entities, pages took seconds. SQLite plans well without statistics.
 */
export class PlannerStatistics {
  readonly #knex: Knex;
  #changes = 0;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Counts entities that were written since the last refresh. */
  note(changes: number): void {
    this.#changes += changes;
  }

  /** Does nothing until many entities have been written. */
  async refresh(): Promise<void> {
    if (this.#changes < AFTER_CHANGES || !isPostgres(this.#knex)) return;
    this.#changes = 0;
    await this.#knex.raw(
      'ANALYZE catalog_search, catalog_entities, catalog_relations, catalog_refresh_state',
    );
  }
}
