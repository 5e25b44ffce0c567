// Runs the tasks that the queue hands to this instance, sends heartbeats, and releases the tasks of lost instances.
import { toError } from '@backstage/errors';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { FailureLog } from '@greenroom/plugin-catalog-node/internal';
import type { TaskLeases } from '../database/TaskLeases';
import type { TaskRow } from '../database/TaskRow';
import type { TaskStore } from '../database/TaskStore';
import { pause } from '../pause';
import type { TaskQueue } from '../queue/TaskQueue';
import { answered, answeredOnce } from './answered';
import { STOP_GRACE_MS } from './runAction';
import { TaskCancelledError, TaskHandedOverError, TaskLostError } from './taskErrors';

/** What a worker needs. */
export interface TaskWorkerOptions {
  readonly store: TaskStore;
  readonly leases: TaskLeases;
  readonly queue: TaskQueue;
  /** The maximum number of tasks that run in parallel. */
  readonly concurrency: number;
  /** How long an instance may be silent before its tasks are taken over. */
  readonly staleMs: number;
  /** How long running tasks may take to finish on `stop`. */
  readonly shutdownMs: number;
  /** How long a failed or cancelled task can be retried from where it stopped. */
  readonly keepLeftoversMs: number;
  readonly logger: LoggerService;
  /** Runs a claimed task to its end. Rejects if the task has not ended. */
  run(row: TaskRow, signal: AbortSignal): Promise<void>;
}

interface Running {
  readonly controller: AbortController;
  /** When the claim succeeded. A heartbeat sent earlier may not have included the task. */
  readonly claimedAt: number;
  /** When the last successful heartbeat or claim was sent. */
  keptAt: number;
  /** Whether `keptAt` was too long ago at the previous check. */
  wasUnkept: boolean;
  /** Resolves once the run is over. */
  readonly ended: Promise<void>;
}

/** The fraction of `staleMs` for which an instance may rely on its last heartbeat. */
const KEPT_FOR = 0.8;
const LONGEST_BEAT_MS = 2_000;
/** In heartbeats: how long those that live have to show that again, if the clock of the database was set. */
const CHANCE = 1.5;
const CLEAN_UP_MS = 3_600_000;
/** How long the database may take to answer when this instance stops. */
const LONGEST_ANSWER_MS = 3_000;
/** How long aborted tasks may take at a stop: their actions to end, and the database to hand them over. */
const ENDING_MS = STOP_GRACE_MS + 1_500;

/** One per instance. */
export class TaskWorker {
  readonly #options: TaskWorkerOptions;
  readonly #running = new Map<string, Running>();
  /** Queued tasks that only this instance can run. */
  readonly #waiting = new Set<string>();
  readonly #loops = new AbortController();
  /** Resolves once no task runs any more. Undefined before the stop. */
  #stopped: Promise<void> | undefined;
  /** The error of the last heartbeat, if it failed. */
  #beatFailure: unknown;

  constructor(options: TaskWorkerOptions) {
    this.#options = options;
  }

  /** Starts to run tasks. If `concurrency` is 0, only releases those of lost instances. */
  async start(): Promise<void> {
    const { concurrency, staleMs, keepLeftoversMs, queue, store } = this.#options;
    const beatMs = Math.min(staleMs / 3, LONGEST_BEAT_MS);
    this.#repeat(beatMs, 'Showing that running tasks are not lost', () => this.#beat());
    this.#repeat(beatMs, 'Keeping waiting tasks', () => this.#keepWaiting());
    this.#repeat(staleMs / 3, 'Looking for tasks of lost instances', () => this.#freeStale(CHANCE * beatMs));
    this.#repeat(staleMs / 20, 'Ending tasks that could not be kept', async () => this.#giveUpUnkept());
    this.#repeat(CLEAN_UP_MS, 'Deleting what ended tasks left', () => store.dropLeftovers(keepLeftoversMs));
    if (concurrency > 0) await queue.start({ concurrency, run: id => this.#run(id) });
  }

  /**
   * Takes no further tasks, waits for the running ones, and hands over those that take too long. If the database does
   * not answer, leaves them to be taken over.
   */
  async stop(): Promise<void> {
    const { queue, shutdownMs } = this.#options;
    this.#stopped = queue.stop();
    const timer = setTimeout(() => this.#abortAll(() => new TaskHandedOverError()), shutdownMs);
    answeredOnce(() => this.#beat(), LONGEST_ANSWER_MS, this.#loops.signal).catch(error =>
      this.#abortAll(id => new TaskLostError(id, 'it stops, and the database does not answer', error)),
    );
    await Promise.race([this.#stopped, pause(shutdownMs + ENDING_MS, this.#loops.signal)]);
    clearTimeout(timer);
    this.#loops.abort();
  }

  /** Hands over what a `stop` had no time for. Does nothing before one, as some engines run all shutdown hooks at once. */
  async handOverAll(): Promise<void> {
    if (!this.#stopped || this.#loops.signal.aborted) return;
    this.#abortAll(() => new TaskHandedOverError());
    await Promise.race([this.#stopped, pause(ENDING_MS, this.#loops.signal)]);
  }

  #abortAll(reasonFor: (id: string) => Error): void {
    for (const [id, { controller }] of this.#running) controller.abort(reasonFor(id));
  }

  /** Cancels a task if it runs here. */
  cancel(taskId: string): void {
    this.#running.get(taskId)?.controller.abort(new TaskCancelledError());
  }

  /** Keeps a queued task for this instance for as long as it lives. */
  keep(taskId: string): void {
    this.#waiting.add(taskId);
  }

  async #run(id: string): Promise<void> {
    const { leases, staleMs, logger } = this.#options;
    const sentAt = performance.now();
    if (this.#stopped) throw new TaskHandedOverError();
    const row = await leases.claim(id);
    if (!row) return;
    if (this.#stopped) return this.#handOver(id, 'this instance stops');
    if (performance.now() - sentAt > staleMs * KEPT_FOR) {
      return this.#handOver(id, 'the database took too long to give it to this instance');
    }
    // Heartbeats keep the task while its earlier run comes to an end.
    const keptMeanwhile = await this.#endEarlierRun(id);
    const controller = new AbortController();
    if (row.cancel_requested) controller.abort(new TaskCancelledError());
    const run = this.#options.run(row, controller.signal);
    const ended = run.catch(() => {});
    const keptAt = Math.max(sentAt, keptMeanwhile);
    const running = { controller, claimedAt: performance.now(), keptAt, wasUnkept: false, ended };
    this.#running.set(id, running);
    try {
      await run;
    } catch (error) {
      if (error instanceof TaskHandedOverError) await this.#handOver(id, 'this instance stops');
      else logger.warn(`The task '${id}' is left to be taken over: ${toError(error).message}`);
    } finally {
      if (this.#running.get(id) === running) this.#running.delete(id);
    }
  }

  /**
   * Ends a run of the same task that is still active here: another instance considered this one lost and reopened the
   * task, which then came back. Returns when the last heartbeat for it was sent.
   */
  async #endEarlierRun(id: string): Promise<number> {
    const earlier = this.#running.get(id);
    earlier?.controller.abort(new TaskLostError(id, 'it was given out anew while this instance was silent'));
    await earlier?.ended;
    return earlier?.keptAt ?? -Infinity;
  }

  async #handOver(id: string, why: string): Promise<void> {
    const { store, leases, queue, logger } = this.#options;
    await store.transaction(async trx => {
      if (await leases.handOver(id, trx)) await queue.add([id], trx);
    });
    logger.info(`The task '${id}' is handed over, as ${why}`);
  }

  async #beat(): Promise<void> {
    if (this.#running.size === 0) return;
    const { leases, staleMs } = this.#options;
    const sentAt = performance.now();
    let held;
    try {
      const tasks = await answered(leases.beat([...this.#running.keys()]), staleMs);
      held = new Map(tasks.map(task => [task.id, task]));
      this.#beatFailure = undefined;
    } catch (error) {
      this.#beatFailure = error;
      throw error;
    }
    for (const [id, running] of this.#running) {
      const task = held.get(id);
      if (task) running.keptAt = sentAt;
      if (task?.cancelRequested) running.controller.abort(new TaskCancelledError());
      if (!task && running.claimedAt < sentAt) {
        running.controller.abort(new TaskLostError(id, 'another one has taken it over, or it was ended'));
      }
    }
  }

  async #keepWaiting(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const ids = [...this.#waiting];
    const kept = new Set(await this.#options.leases.keepWaiting(ids));
    for (const id of ids) if (!kept.has(id)) this.#waiting.delete(id);
  }

  /**
   * Ends tasks without a recent heartbeat, a tenth of `staleMs` before others may take over, whatever the clocks show
   * and whether the database refuses or stays silent. Only at the second check, so that a process that was suspended
   * first asks which tasks it still holds.
   */
  #giveUpUnkept(): void {
    for (const [id, running] of this.#running) {
      const isUnkept = performance.now() - running.keptAt > this.#options.staleMs * KEPT_FOR;
      if (isUnkept && running.wasUnkept) {
        const why = 'the database could not be told in time that it runs';
        const cause = this.#beatFailure ?? new Error('The database has not answered the last heartbeat');
        running.controller.abort(new TaskLostError(id, why, cause));
      }
      running.wasUnkept = isUnkept;
    }
  }

  async #freeStale(chanceMs: number): Promise<void> {
    const { store, leases, queue, staleMs, logger } = this.#options;
    const isLost =
      (await leases.hasSilent(staleMs, [...this.#running.keys()])) ||
      (await queue.findStuck(staleMs)).length > 0;
    if (isLost) await pause(chanceMs, this.#loops.signal);
    if (!isLost || this.#loops.signal.aborted) return;
    const freed = await store.transaction(async trx => {
      const stale = await leases.freeStale(staleMs, [...this.#running.keys()], trx);
      const waiting = await leases.freeWaiting(staleMs, trx);
      const stuck = await queue.findStuck(staleMs, trx);
      await queue.add([...stale, ...waiting, ...stuck], trx);
      return stale;
    });
    for (const id of freed) logger.warn(`The task '${id}' is taken over from an instance that was lost`);
  }

  /** Calls `work` immediately and then repeatedly until the loops are aborted. */
  #repeat(everyMs: number, what: string, work: () => Promise<void>): void {
    const { signal } = this.#loops;
    // A failure that is not over by the next attempt is worth telling, or one whose next attempt is far away.
    const log = new FailureLog(this.#options.logger, what, { waits: everyMs < CLEAN_UP_MS });
    const loop = async () => {
      while (!signal.aborted) {
        try {
          await work();
          log.worked();
        } catch (error) {
          if (!signal.aborted) log.failed(toError(error));
        }
        await pause(everyMs, signal);
      }
    };
    void loop();
  }
}
