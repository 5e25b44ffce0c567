// What an instance knows of a global task: the row as it was last read, and when the task may run by that.
import type { GlobalTaskRun } from './GlobalTaskRun';
import type { ScheduledTask, TaskProgress } from './ScheduledTask';
import type { LostLease, TaskRow } from './TaskTable';

/**
 * The part of a lease duration for which an end of a lease must not have changed, by the clock of this process, before
 * the lease is taken over: the clock of the database may have been set forward, and an instance that lives renews it.
 */
const watchedFor = 0.4;
/** An instance whose lease has not changed for longer is dead, although the clock of the database was set back. */
const silentMs = 3_600_000;
/** How far a next time may be off because two clocks do not run alike. */
const toleratedMs = 10_000;

/** `now` is always by the clock of the database, like the times in the row. */
export class GlobalTaskEntry {
  readonly task: ScheduledTask;
  run?: GlobalTaskRun;
  /** When the initial delay is over, by `performance.now()`. Infinite before the start. */
  readyAt = Infinity;
  readonly #leaseMs: number;
  #row: TaskRow;
  /** When the current end of the lease was first read, by `performance.now()`. */
  #seenAt = performance.now();

  constructor(task: ScheduledTask, row: TaskRow, leaseMs: number) {
    this.task = task;
    this.#row = row;
    this.#leaseMs = leaseMs;
  }

  get row(): TaskRow {
    return this.#row;
  }

  set row(row: TaskRow) {
    if (row.expiresAt !== this.#row.expiresAt) this.#seenAt = performance.now();
    this.#row = row;
  }

  /** Milliseconds until this instance may try to run the task. */
  waitAt(now: number): number {
    const { expiresAt, nextRunAt } = this.#row;
    if (this.run) return Infinity;
    const readyIn = this.readyAt - performance.now();
    if (expiresAt === undefined) return Math.max((nextRunAt ?? Infinity) - now, readyIn);
    const lostIn = Math.max(expiresAt - now, watchedFor * this.#leaseMs - this.#seenFor);
    return Math.max(Math.min(lostIn, this.#silentIn), readyIn);
  }

  /** The lease of another run, to be taken over. */
  get lostLease(): LostLease | undefined {
    const { expiresAt } = this.#row;
    return expiresAt === undefined ? undefined : { expiresAt, isSilent: this.#silentIn <= 0 };
  }

  /** The next time, if it is too far away because the clock was set back since, and what it should be. */
  misplacedAt(now: number): { from: number; to: number } | undefined {
    const { nextRunAt: from, startedAt = now, expiresAt } = this.#row;
    const to = this.task.schedule.nextRun(startedAt, now) ?? now;
    return from === undefined || expiresAt !== undefined || from <= to + toleratedMs
      ? undefined
      : { from, to };
  }

  /** The progress across all instances, by a row that is as recent as `now`. */
  progressAt(now: number, row = this.#row): TaskProgress {
    const { startedAt, expiresAt, nextRunAt, lastEndedAt, lastError } = row;
    const waitMs = this.readyAt - performance.now();
    // As far as this instance knows: another one may have waited already. Unknown before the start.
    const readyThen = waitMs > 0 && Number.isFinite(waitMs) ? now + Math.ceil(waitMs) : -Infinity;
    const unoccupied = waitMs > 0 ? 'initial-wait' : 'idle';
    return {
      running: expiresAt !== undefined && expiresAt > now,
      startedAt,
      nextRunAt: nextRunAt === undefined ? undefined : Math.max(nextRunAt, readyThen),
      lastEndedAt,
      lastError,
      worker: this.run ? 'running' : unoccupied,
    };
  }

  get #seenFor(): number {
    return performance.now() - this.#seenAt;
  }

  get #silentIn(): number {
    return silentMs + this.#leaseMs - this.#seenFor;
  }
}
