// Stitches all entities that are queued, on PostgreSQL several batches at the same time.
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';
import type { PlannerStatistics } from '../database/PlannerStatistics';
import { type Stitched, stitchNext } from './stitchNext';

const BATCH = 500;
/** PostgreSQL uses one process per connection, and stitching mostly consists of writes. */
const LANES = 2;
const AT_LEAST_EVERY_MS = 2_000;

export interface StitcherOptions {
  readonly knex: Knex;
  readonly onStitched: (stitched: Stitched, durationMs: number) => void;
}

/** Runs on request, one run at a time. */
export class Stitcher {
  readonly #options: StitcherOptions;
  readonly #statistics: PlannerStatistics;
  #stopped = false;
  #lastBatchAt = -Infinity;

  constructor(options: StitcherOptions, statistics: PlannerStatistics) {
    this.#options = options;
    this.#statistics = statistics;
  }

  /** Whether queued entities should not wait any longer. */
  get isLate(): boolean {
    return performance.now() - this.#lastBatchAt > AT_LEAST_EVERY_MS;
  }

  /** Lets a run end after the current batches. */
  stop(): void {
    this.#stopped = true;
  }

  /** Returns the number of entities that were queued. */
  async run(): Promise<number> {
    const most = isPostgres(this.#options.knex) ? LANES : 1;
    const lanes: Array<Promise<number>> = [];
    const addLane = () => {
      if (lanes.length === most) return;
      const lane = this.#runLane(addLane);
      // Lanes are awaited in order. Without this, a failure would be unhandled until then.
      lane.catch(() => {});
      lanes.push(lane);
    };
    addLane();
    let total = 0;
    try {
      for (const lane of lanes) total += await lane;
    } finally {
      await Promise.allSettled(lanes);
    }
    return total;
  }

  async #runLane(onFull: () => void): Promise<number> {
    let total = 0;
    for (;;) {
      const begin = performance.now();
      const stitched = await stitchNext(this.#options.knex, BATCH, onFull);
      this.#lastBatchAt = performance.now();
      total += stitched.taken;
      this.#statistics.note(stitched.added.length + stitched.changed.length);
      if (stitched.taken > 0) this.#options.onStitched(stitched, performance.now() - begin);
      await this.#statistics.refresh(true);
      if (stitched.taken < BATCH || this.#stopped) return total;
      await new Promise(setImmediate);
    }
  }
}
