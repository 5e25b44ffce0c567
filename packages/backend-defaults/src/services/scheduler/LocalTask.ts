// A task that each instance runs on its own, with timers of this process.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { reportOutcome, type ScheduledTask, type TaskProgress } from './ScheduledTask';
import { refusal, TaskCancelledError, TaskStoppedError } from './schedulerErrors';
import { TaskRun } from './TaskRun';

// The longest delay of a timer is about 2^31 ms, so longer waits are done in steps.
const longestWaitMs = 24 * 3_600_000;

/** Does nothing before `start`. */
export class LocalTask {
  readonly task: ScheduledTask;
  readonly #logger: LoggerService;
  readonly #graceMs: number;
  readonly #progress: TaskProgress = { running: false, worker: 'initial-wait' };
  #timer: NodeJS.Timeout | undefined;
  #run: TaskRun | undefined;
  #finished: Promise<void> | undefined;
  #triggered = false;
  #state: 'new' | 'started' | 'stopped' = 'new';

  constructor(task: ScheduledTask, options: { logger: LoggerService; graceMs: number }) {
    this.task = task;
    this.#logger = options.logger;
    this.#graceMs = options.graceMs;
  }

  /** Starts the initial delay. */
  start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'started';
    const { schedule } = this.task;
    const ready = Date.now() + schedule.initialDelayMs;
    this.#progress.nextRunAt = schedule.firstRun(ready);
    this.#waitUntil(this.#triggered ? Date.now() : ready, () => {
      this.#progress.worker = 'idle';
      this.#runAt(this.#triggered ? Date.now() : schedule.firstRun(Date.now()));
    });
  }

  /** Runs it now, or once it is started. Throws `ConflictError` if it is running, `NotFoundError` if it was stopped. */
  trigger(): void {
    if (this.#run) throw refusal(this.task.id, 'running');
    if (this.#state === 'stopped') throw refusal(this.task.id, 'missing');
    if (this.#state === 'started') this.#begin();
    else this.#triggered = true;
  }

  /** Throws `ConflictError` if it is not running. */
  cancel(): void {
    if (!this.#run) throw refusal(this.task.id, 'idle');
    this.#run.abort(new TaskCancelledError(this.task.id));
  }

  /** Resolves when the current run has ended. */
  async stop(why: string, graceMs?: number): Promise<void> {
    this.#state = 'stopped';
    clearTimeout(this.#timer);
    this.#run?.abort(new TaskStoppedError(this.task.id, why), graceMs);
    await this.#finished;
  }

  /** How the task is doing. */
  get progress(): TaskProgress {
    return { ...this.#progress };
  }

  #runAt(time: number | undefined): void {
    this.#progress.nextRunAt = time;
    if (time !== undefined) {
      this.#waitUntil(time, () => this.#begin(time));
    }
  }

  #waitUntil(time: number, then: () => void): void {
    const left = time - Date.now();
    this.#timer = setTimeout(
      () => (left > longestWaitMs ? this.#waitUntil(time, then) : then()),
      Math.max(0, Math.min(left, longestWaitMs)),
    );
  }

  #begin(dueAt?: number): void {
    clearTimeout(this.#timer);
    this.#triggered = false;
    this.#finished = this.#execute(dueAt);
  }

  async #execute(dueAt: number | undefined): Promise<void> {
    const { id, fn, schedule } = this.task;
    const startedAt = Date.now();
    Object.assign(this.#progress, { running: true, worker: 'running', startedAt, nextRunAt: undefined });
    this.#run = new TaskRun({ id, fn, timeoutMs: schedule.timeoutMs, graceMs: this.#graceMs });
    const lastError = reportOutcome(id, await this.#run.done, this.#logger);
    this.#run = undefined;
    const now = Date.now();
    Object.assign(this.#progress, { running: false, worker: 'idle', lastEndedAt: now, lastError });
    if (this.#state === 'started') {
      this.#runAt(schedule.nextRun(startedAt, now, { dueAt, failed: lastError !== undefined }));
    }
  }
}
