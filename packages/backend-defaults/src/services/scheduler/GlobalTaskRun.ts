// One run of a global task, under a lease, so that no other instance runs the task while this one lives.
import { toError } from '@backstage/errors';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { randomUUID } from 'node:crypto';
import { InstanceLease, type LeaseStore } from '../../InstanceLease';
import { reportOutcome, type ScheduledTask } from './ScheduledTask';
import { TaskCancelledError, TaskStoppedError } from './schedulerErrors';
import { TaskRun } from './TaskRun';
import type { LostLease, TaskRow, TaskTable } from './TaskTable';

/** What a run of a global task needs. */
export interface GlobalTaskRunOptions {
  table: TaskTable;
  logger: LoggerService;
  /** Milliseconds after which others take over if this instance dies. */
  leaseMs: number;
}

/** A run that holds its lease. */
export class GlobalTaskRun {
  /** The row after the run; `undefined` if the lease was lost or has been left to run out. Never rejects. */
  readonly done: Promise<TaskRow | undefined>;
  /** The row at the beginning of this run. */
  readonly begun: TaskRow;
  readonly #task: ScheduledTask;
  readonly #options: GlobalTaskRunOptions;
  readonly #holder: string;
  readonly #lease: InstanceLease;
  readonly #run: TaskRun;
  #isStopped = false;

  private constructor(
    task: ScheduledTask,
    options: GlobalTaskRunOptions,
    held: { holder: string; lease: InstanceLease; begun: TaskRow; cancelled: AbortSignal },
  ) {
    const { id, fn, schedule } = task;
    this.#task = task;
    this.#options = options;
    this.#holder = held.holder;
    this.#lease = held.lease;
    this.#run = new TaskRun({ id, fn, timeoutMs: schedule.timeoutMs, graceMs: options.leaseMs });
    this.begun = held.begun;
    this.done = this.#finish(held.begun.startedAt!, [held.cancelled, held.lease.signal]);
  }

  /**
   * Begins a run if the task is due and no other instance is running it, or if the lease of that is `lost`. Rejects if
   * the database does.
   */
  static async begin(
    task: ScheduledTask,
    options: GlobalTaskRunOptions,
    lost?: LostLease,
  ): Promise<GlobalTaskRun | undefined> {
    const { id } = task;
    const { table, leaseMs } = options;
    const holder = randomUUID();
    const cancelled = new AbortController();
    let begun: TaskRow | undefined;
    const store: LeaseStore = {
      async acquire(durationMs) {
        begun = await table.acquire(id, holder, durationMs, lost);
        return begun !== undefined;
      },
      async renew(durationMs) {
        const state = await table.renew(id, holder, durationMs);
        if (state.cancelled) {
          cancelled.abort(new TaskCancelledError(id));
        }
        return state.kept;
      },
    };
    const lease = await InstanceLease.acquire(store, { name: `task '${id}'`, durationMs: leaseMs });
    // If the answer came too late, another instance may hold the lease already.
    if (!lease || lease.signal.aborted) return undefined;
    return new GlobalTaskRun(task, options, {
      holder,
      lease,
      begun: begun!,
      cancelled: cancelled.signal,
    });
  }

  /** Ends the run. The task runs again on schedule. */
  cancel(): void {
    this.#run.abort(new TaskCancelledError(this.#task.id));
  }

  /**
   * Ends the run. The task is then due at once, for whichever instance is there, or when its lease runs out if the
   * function has not returned.
   */
  stop(why: string, graceMs?: number): void {
    this.#isStopped = true;
    this.#run.abort(new TaskStoppedError(this.#task.id, why), graceMs);
  }

  async #finish(startedAt: number, ends: AbortSignal[]): Promise<TaskRow | undefined> {
    for (const signal of ends) {
      signal.addEventListener('abort', () => this.#run.abort(signal.reason as Error));
    }
    const { schedule, id } = this.#task;
    const { table, logger } = this.#options;
    const outcome = await this.#run.done;
    const error = reportOutcome(id, outcome, logger);
    if (this.#lease.signal.aborted) {
      // The row no longer belongs to this run: it has been or will be taken over.
      return undefined;
    }
    if (outcome.abandoned && this.#isStopped) {
      // It may still be running, whatever its signal was aborted for first, so others wait until the lease runs out.
      return this.#lease.release(async () => undefined);
    }
    const now = table.clock.now();
    const nextRunAt = outcome.error instanceof TaskStoppedError ? now : schedule.nextRun(startedAt, now);
    const { cadence } = schedule.settings;
    try {
      return await this.#lease.release(() => table.release(id, this.#holder, { cadence, nextRunAt, error }));
    } catch (failure) {
      logger.warn(
        `The end of a run of task '${id}' could not be written down, so it runs again when its lease runs out: ${toError(failure).message}`,
      );
      return undefined;
    }
  }
}
