// The loop that processes what is due and stitches what is queued, beside those of other instances.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';
import { PlannerStatistics } from '../database/PlannerStatistics';
import { type Stitched, stitchNext } from '../stitching/stitchNext';
import { claimDue } from './claimDue';
import { type Committed, commitProcessing, postpone } from './commitProcessing';
import { processClaimed, type ProcessedBatch, type ProcessOptions } from './processClaimed';
import { ProcessingLease } from './ProcessingLease';

const PROCESS_BATCH = 200;
const STITCH_BATCH = 500;
/** Stitching waits for the end of processing, so that nothing is stitched twice, but not longer than this. */
const STITCH_AT_LEAST_EVERY_MS = 2_000;
const IDLE_MS = 1_000;
const AFTER_FAILURE_MS = 2_000;

/** What the engine works with, and whom it tells. */
export interface ProcessingEngineOptions extends ProcessOptions {
  readonly knex: Knex;
  readonly logger: LoggerService;
  readonly keepOrphans: boolean;
  readonly onProcessed: (batch: ProcessedBatch, committed: Committed, durationMs: number) => void;
  readonly onStitched: (stitched: Stitched, durationMs: number) => void;
}

/** Works from `start` to `stop`. */
export class ProcessingEngine {
  readonly #options: ProcessingEngineOptions;
  readonly #statistics: PlannerStatistics;
  #running: Promise<void> | undefined;
  #stopped = false;
  #wakeUp: (() => void) | undefined;
  #woken = false;
  #idleWaiters: Array<() => void> = [];
  #lastStitch = 0;

  constructor(options: ProcessingEngineOptions) {
    this.#options = options;
    this.#statistics = new PlannerStatistics(options.knex);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Finishes what is being done and begins nothing else. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.wake();
    await this.#running;
  }

  /** Tells that there is work. Other instances find it by themselves within a second. */
  wake(): void {
    this.#woken = true;
    this.#wakeUp?.();
  }

  /** Resolves when this instance next finds nothing to do. */
  whenIdle(): Promise<void> {
    return new Promise(resolve => this.#idleWaiters.push(resolve));
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#woken = false;
      try {
        const processed = await this.#process();
        const late = Date.now() - this.#lastStitch > STITCH_AT_LEAST_EVERY_MS;
        const stitched = processed < PROCESS_BATCH || late ? await this.#stitch() : 0;
        if (processed > 0 || stitched > 0) {
          // SQLite's driver never waits, so nothing else would get a turn.
          await new Promise(setImmediate);
          continue;
        }
        if (!this.#woken) for (const resolve of this.#idleWaiters.splice(0)) resolve();
        await this.#statistics.refresh();
        await this.#sleep(IDLE_MS);
      } catch (error) {
        if (this.#stopped) return;
        // Whatever was not stored is claimed again once the lease is over, and what was not stitched is still queued.
        this.#options.logger.error('Processing of entities failed and is tried again', error as Error);
        await this.#sleep(AFTER_FAILURE_MS);
      }
    }
  }

  /** Gives the number of entities that were due. */
  async #process(): Promise<number> {
    const { knex, keepOrphans, onProcessed } = this.#options;
    const now = Date.now();
    const lease = new ProcessingLease(knex, now);
    const { claim } = lease;
    try {
      const claimed = await claimDue(knex, { limit: PROCESS_BATCH, claim, now, leaseEnd: lease.end });
      if (claimed.length === 0) return 0;
      const batch = await processClaimed(claimed, this.#options);
      await lease.release();
      const options = { claim, leaseEnd: lease.end, now: Date.now(), keepOrphans };
      await postpone(knex, batch.same, options);
      const nothing: Committed = { conflicts: [], removed: [] };
      const committed =
        batch.changed.length > 0 ? await commitProcessing(knex, batch.changed, options) : nothing;
      onProcessed(batch, committed, Date.now() - now);
      return claimed.length;
    } finally {
      await lease.release();
    }
  }

  /** Gives the number of entities that were queued. */
  async #stitch(): Promise<number> {
    let total = 0;
    for (;;) {
      const begin = Date.now();
      const stitched = await stitchNext(this.#options.knex, STITCH_BATCH);
      this.#lastStitch = Date.now();
      total += stitched.taken;
      this.#statistics.note(stitched.added.length + stitched.changed.length);
      if (stitched.taken > 0) this.#options.onStitched(stitched, Date.now() - begin);
      if (stitched.taken < STITCH_BATCH || this.#stopped) return total;
      await new Promise(setImmediate);
    }
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#woken) return;
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wakeUp = undefined;
  }
}
