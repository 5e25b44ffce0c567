// The loop that processes what is due and stitches what is queued, beside those of other instances.
import { toError } from '@backstage/errors';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';
import { PlannerStatistics } from '../database/PlannerStatistics';
import { isPostgres } from '../database/valuesTable';
import { type Stitched, stitchNext } from '../stitching/stitchNext';
import { type Committed, commitProcessing, postpone } from './commitProcessing';
import { findWork } from './findWork';
import { processClaimed, type ProcessedBatch, type ProcessOptions } from './processClaimed';
import { ProcessingLease } from './ProcessingLease';

const PROCESS_BATCH = 200;
const STITCH_BATCH = 500;
/** PostgreSQL writes with one process a connection, and writing is most of stitching. */
const STITCH_LANES = 2;
/** Stitching waits for the end of processing, so that nothing is stitched twice, but not longer than this. */
const STITCH_AT_LEAST_EVERY_MS = 2_000;
/** Between two looks, so that what becomes due meanwhile is one batch; on PostgreSQL also for what other instances leave. */
const IDLE_MS = 1_000;
/** An instance that has its database for itself is woken for all that it is given, so it sleeps until something is due. */
const ALONE_MS = 60_000;
const AFTER_FAILURE_MS = 2_000;

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
  /** Whether anything may be queued to be stitched. */
  #mayBeQueued = false;
  /** Whether results were stored since this was last asked: they may have brought something that is due at once. */
  #hasStored = false;
  /** The message of the failure that was last logged, if nothing has worked since. */
  #toldFailure: string | undefined;
  /** Of the last batch that was processed, until it is waited for. */
  #storing: Promise<void> | undefined;

  constructor(options: ProcessingEngineOptions) {
    this.#options = options;
    this.#statistics = new PlannerStatistics(options.knex);
  }

  start(): void {
    this.#running ??= this.#work();
  }

  /** Finishes what is being done and begins nothing else. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.wake();
    await this.#running;
    await this.#storing?.catch(() => {});
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

  async #work(): Promise<void> {
    while (!this.#stopped) {
      this.#woken = false;
      try {
        const { dueInMs, isQueued } = await findWork(this.#options.knex);
        if (isQueued) this.#mayBeQueued = true;
        const processed = dueInMs <= 0 ? await this.#process() : 0;
        const late = Date.now() - this.#lastStitch > STITCH_AT_LEAST_EVERY_MS;
        const isLast = processed < PROCESS_BATCH;
        if (isLast) await this.#untilStored();
        const stitched = this.#mayBeQueued && (isLast || late) ? await this.#stitch() : 0;
        this.#toldFailure = undefined;
        const goesOn = !isLast || stitched > 0 || this.#hasStored;
        this.#hasStored = false;
        if (goesOn) {
          // SQLite's driver never waits, so nothing else would get a turn.
          await new Promise(setImmediate);
          continue;
        }
        if (!this.#woken) for (const resolve of this.#idleWaiters.splice(0)) resolve();
        await this.#statistics.refresh(false);
        await this.#sleep(this.#idleMs(dueInMs));
      } catch (error) {
        if (this.#stopped) return;
        // Whatever was not stored is claimed again once the lease is over, and what was not stitched is still queued.
        this.#tell(toError(error));
        await this.#sleep(AFTER_FAILURE_MS);
      }
    }
  }

  /** Once for all that fail in a row for the same reason. */
  #tell(error: Error): void {
    if (error.message === this.#toldFailure) return;
    this.#toldFailure = error.message;
    this.#options.logger.error('Processing of entities failed and is tried again until it works', error);
  }

  /** Gives the number of entities that were due. Their results are stored while the next ones are processed. */
  async #process(): Promise<number> {
    const { knex } = this.#options;
    const begin = Date.now();
    const lease = new ProcessingLease(knex);
    let batch: ProcessedBatch;
    let size = 0;
    try {
      const claimed = await lease.take(PROCESS_BATCH);
      size = claimed.length;
      batch = await processClaimed(claimed, this.#options);
    } catch (error) {
      await lease.release();
      throw error;
    }
    try {
      // One after the other, as of several sources the first one keeps an entity.
      await this.#untilStored();
    } finally {
      // A batch that fails stops no other; until it is waited for, its failure is no unhandled error.
      this.#storing = this.#store(batch, lease, begin);
      this.#storing.catch(() => {});
    }
    return size;
  }

  async #store(batch: ProcessedBatch, lease: ProcessingLease, begin: number): Promise<void> {
    const { knex, keepOrphans, onProcessed } = this.#options;
    await lease.release();
    if (batch.same.length + batch.changed.length === 0) return;
    const options = { claim: lease.claim, keepOrphans };
    await postpone(knex, batch.same, options);
    const nothing: Committed = { conflicts: [], removed: [] };
    let committed = nothing;
    if (batch.changed.length > 0) {
      committed = await commitProcessing(knex, batch.changed, options);
      this.#mayBeQueued = true;
      this.#hasStored = true;
    }
    onProcessed(batch, committed, Date.now() - begin);
  }

  /** Throws for a batch that could not be stored, and only the first time. */
  async #untilStored(): Promise<void> {
    const storing = this.#storing;
    this.#storing = undefined;
    await storing;
  }

  /** Gives the number of entities that were queued. */
  async #stitch(): Promise<number> {
    // First, as what is stored meanwhile may come too late for this.
    this.#mayBeQueued = false;
    const most = isPostgres(this.#options.knex) ? STITCH_LANES : 1;
    const lanes: Array<Promise<number>> = [];
    const addLane = () => {
      if (lanes.length === most) return;
      const lane = this.#stitchLane(addLane);
      // Waited for in their order; until then, one that fails is no unhandled error.
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

  async #stitchLane(onFull: () => void): Promise<number> {
    let total = 0;
    for (;;) {
      const begin = Date.now();
      const stitched = await stitchNext(this.#options.knex, STITCH_BATCH, onFull);
      this.#lastStitch = Date.now();
      total += stitched.taken;
      this.#statistics.note(stitched.added.length + stitched.changed.length);
      if (stitched.taken > 0) this.#options.onStitched(stitched, Date.now() - begin);
      await this.#statistics.refresh(true);
      if (stitched.taken < STITCH_BATCH || this.#stopped) return total;
      await new Promise(setImmediate);
    }
  }

  #idleMs(dueInMs: number): number {
    return isPostgres(this.#options.knex) ? IDLE_MS : Math.min(Math.max(dueInMs, IDLE_MS), ALONE_MS);
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
