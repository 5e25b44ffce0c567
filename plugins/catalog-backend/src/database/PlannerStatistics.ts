// Keeps PostgreSQL's table statistics up to date while a catalog is being filled.
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';

/** Far fewer than it takes to mislead the planner. */
const AFTER_CHANGES = 1_000;

/**
 * PostgreSQL gathers statistics by itself, but only some minutes later, and until then plans as if the tables were empty:
 * with 10,000 entities, pages took seconds, and while an emptied catalog fills again, each write would scan whole tables.
 * SQLite plans well without statistics.
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

  /** Does nothing until many entities have been written. While there are more to write, the threshold doubles each time. */
  async refresh(isBusy: boolean): Promise<void> {
    if (!isBusy) this.#enough = AFTER_CHANGES;
    if (this.#changes < this.#enough || !isPostgres(this.#knex)) return;
    this.#changes = 0;
    this.#enough *= 2;
    // A locked table is being analysed by another instance or by PostgreSQL itself.
    await this.#knex.raw(
      'ANALYZE (SKIP_LOCKED) catalog_search, catalog_entities, catalog_relations, catalog_references, catalog_refresh_state',
    );
  }
}
