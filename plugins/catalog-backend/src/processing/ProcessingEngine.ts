// The loop that processes due entities and stitches queued ones, alongside those of other instances.
import { setTimeout as pause } from 'node:timers/promises';
import { toError } from '@backstage/errors';
import { FailureLog, isPostgres } from '@greenroom/plugin-catalog-node/internal';
import { PlannerStatistics } from '../database/PlannerStatistics';
import { Stitcher, type StitcherOptions } from '../stitching/Stitcher';
import type { ClaimConflict } from './addUnprocessed';
import { commitProcessing, postpone } from './commitProcessing';
import { findWork } from './findWork';
import { processClaimed, type Processed, type ProcessedBatch, type ProcessOptions } from './processClaimed';
import { ProcessingLease } from './ProcessingLease';
import { refreshOutdated } from './refreshEntities';

const PROCESS_BATCH = 200;
/** The poll interval. It also batches what becomes due meanwhile and, on PostgreSQL, finds what other instances leave. */
const IDLE_MS = 1_000;
/** The only instance on a database is woken for everything that arrives, so it can sleep until something is due. */
const ALONE_MS = 60_000;
/** Until it looks again at what is due but claimed: entities that are not done, or those of a batch that failed. */
const CLAIMED_MS = 10_000;
const AFTER_FAILURE_MS = 2_000;
/** How long a stop waits for entities that are being processed. */
const STOP_PATIENCE_MS = 5_000;
/** How long it then waits for the database: with the others, this must fit into the 15 s that a shutdown hook has. */
const STORE_MS = 7_000;
/** How long it waits for the database to let others claim those that are not done. */
const GIVE_BACK_MS = 2_000;
/**
 * By then a rolling upgrade should have stopped the instances of the earlier release, which have processed entities in
 * their way since this one started. Looking more often would let two releases that run side by side undo each other's work.
 */
const OTHERS_ARE_GONE_MS = 600_000;

export interface ProcessingEngineOptions extends Omit<ProcessOptions, 'signal'>, StitcherOptions {
  readonly keepOrphans: boolean;
  readonly onProcessed: (batch: ProcessedBatch, conflicts: ClaimConflict[], durationMs: number) => void;
}

/** Runs from `start` to `stop`. */
export class ProcessingEngine {
  readonly #options: ProcessingEngineOptions;
  readonly #statistics: PlannerStatistics;
  readonly #stitcher: Stitcher;
  readonly #log: FailureLog;
  #running: Promise<void> | undefined;
  #stopped = false;
  readonly #givingUp = new AbortController();
  #wakeUp: (() => void) | undefined;
  #woken = false;
  #idleWaiters: Array<() => void> = [];
  #refreshAt = Infinity;
  /** Whether anything might be queued for stitching. */
  #mayBeQueued = false;
  /** Whether results were stored since the last check. They may have brought entities that are due immediately. */
  #hasStored = false;
  /** The pending write of the last processed batch, until it has been awaited. */
  #storing: Promise<void> | undefined;
  /** Of batches with entities that are not stored yet. */
  readonly #leases = new Set<ProcessingLease>();

  constructor(options: ProcessingEngineOptions) {
    this.#options = options;
    this.#statistics = new PlannerStatistics(options.knex);
    this.#stitcher = new Stitcher(options, this.#statistics);
    this.#log = new FailureLog(options.logger, 'Processing of entities');
  }

  start(): void {
    if (isPostgres(this.#options.knex)) this.#refreshAt = performance.now() + OTHERS_ARE_GONE_MS;
    this.#running ??= this.#work();
  }

  /** Finishes the current work, but for entities that take longer than `patienceMs`: it gives those back to others. */
  async stop(patienceMs = STOP_PATIENCE_MS, storeMs = STORE_MS): Promise<void> {
    this.#stopped = true;
    this.#stitcher.stop();
    this.wake();
    const timer = setTimeout(() => this.#givingUp.abort(), patienceMs);
    const ended = async () => {
      await this.#running;
      await this.#storing?.catch(() => {});
    };
    await within(patienceMs + storeMs, ended());
    clearTimeout(timer);
    // Whatever is not given back by then can be claimed once the lease has ended.
    await within(GIVE_BACK_MS, Promise.all([...this.#leases].map(lease => lease.giveBack())));
  }

  /** Notifies the engine that there is work. Other instances find it by themselves within a second. */
  wake(): void {
    this.#woken = true;
    this.#wakeUp?.();
  }

  /** Resolves the next time this instance finds nothing to do. */
  whenIdle(): Promise<void> {
    return new Promise(resolve => this.#idleWaiters.push(resolve));
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      this.#woken = false;
      try {
        const pauseMs = await this.#takeTurn();
        this.#log.worked();
        if (pauseMs === 0) {
          // SQLite's driver is synchronous, so without this nothing else would get a turn.
          await new Promise(setImmediate);
          continue;
        }
        if (!this.#woken) for (const resolve of this.#idleWaiters.splice(0)) resolve();
        await this.#statistics.refresh(false);
        await this.#sleep(pauseMs);
      } catch (error) {
        if (this.#stopped) return;
        // Whatever was not stored can be claimed again once the lease ends, and whatever was not stitched is still queued.
        this.#log.failed(toError(error));
        await this.#sleep(AFTER_FAILURE_MS);
      }
    }
  }

  /** Returns for how long there is nothing more to do, in milliseconds. */
  async #takeTurn(): Promise<number> {
    const { knex, fingerprint } = this.#options;
    if (performance.now() >= this.#refreshAt) {
      await refreshOutdated(knex, fingerprint);
      this.#refreshAt = Infinity;
    }
    const { dueInMs, isQueued } = await findWork(knex);
    if (this.#stopped) return 0;
    if (isQueued) this.#mayBeQueued = true;
    const processed = dueInMs <= 0 ? await this.#process() : 0;
    const isLast = processed < PROCESS_BATCH;
    if (isLast) await this.#untilStored();
    let stitched = 0;
    // Only once processing is done, so that nothing is stitched twice; but what is served must not get too old meanwhile.
    if (this.#mayBeQueued && (isLast || this.#stitcher.isLate)) {
      // Reset first, because the run may miss what is stored meanwhile.
      this.#mayBeQueued = false;
      stitched = await this.#stitcher.run();
    }
    const goesOn = !isLast || stitched > 0 || this.#hasStored;
    this.#hasStored = false;
    if (goesOn) return 0;
    if (isPostgres(knex)) return IDLE_MS;
    if (dueInMs <= 0 && processed === 0) return CLAIMED_MS;
    return Math.min(Math.max(dueInMs, IDLE_MS), ALONE_MS);
  }

  /** Returns the number of entities that were due. Their results are stored while the next ones are processed. */
  async #process(): Promise<number> {
    const begin = performance.now();
    const lease = new ProcessingLease(this.#options.knex);
    let processed: Processed;
    let size = 0;
    try {
      const claimed = await lease.take(PROCESS_BATCH);
      if (this.#stopped) {
        await lease.giveBack();
        return 0;
      }
      size = claimed.length;
      this.#leases.add(lease);
      processed = await processClaimed(claimed, { ...this.#options, signal: this.#givingUp.signal });
    } catch (error) {
      this.#forget(lease);
      await lease.release();
      throw error;
    }
    try {
      // Batches are stored in order, because the first source of an entity keeps it.
      await this.#untilStored();
    } finally {
      // A failed batch does not stop others. Without this, its failure would be unhandled until it is awaited.
      this.#storing = this.#store(processed, lease, begin);
      this.#storing.catch(() => {});
    }
    return size;
  }

  /** Stores each when it is done. Until all are, the claim on those that are not is renewed. */
  async #storeLate(late: Processed['late'], lease: ProcessingLease, begin: number): Promise<void> {
    const storing = late.map(async processing => {
      const batch = await processing;
      if (this.#stopped) return;
      await this.#write(batch, lease, begin);
      this.wake();
    });
    // After a failure all of them are claimed again, once the lease has ended.
    await Promise.all(storing).catch(error => this.#log.failed(toError(error)));
    this.#forget(lease);
    await lease.release();
  }

  async #store({ batch, late }: Processed, lease: ProcessingLease, begin: number): Promise<void> {
    if (late.length > 0) void this.#storeLate(late, lease, begin);
    else await lease.release();
    try {
      await this.#write(batch, lease, begin);
    } finally {
      if (late.length === 0) this.#forget(lease);
    }
  }

  /** Does nothing once stopped: leases are then given back. */
  #forget(lease: ProcessingLease): void {
    if (!this.#stopped) this.#leases.delete(lease);
  }

  async #write(batch: ProcessedBatch, { claim }: ProcessingLease, begin: number): Promise<void> {
    const { knex, keepOrphans, onProcessed } = this.#options;
    if (batch.same.length + batch.changed.length === 0) return;
    await postpone(knex, batch.same, { claim });
    let conflicts: ClaimConflict[] = [];
    if (batch.changed.length > 0) {
      conflicts = await commitProcessing(knex, batch.changed, { claim, keepOrphans });
      this.#mayBeQueued = true;
      this.#hasStored = true;
    }
    onProcessed(batch, conflicts, performance.now() - begin);
  }

  /** Throws if the batch could not be stored, but only once. */
  async #untilStored(): Promise<void> {
    const storing = this.#storing;
    this.#storing = undefined;
    await storing;
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

/** Waits no longer for a database that may never answer. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, pause(milliseconds, undefined, { ref: false })]);
}
