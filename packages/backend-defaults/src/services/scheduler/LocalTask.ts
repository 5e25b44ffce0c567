// A task that each instance runs on its own, with timers of this process.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { reportOutcome, type ScheduledTask, type TaskProgress } from './ScheduledTask';
import { refusal, TaskCancelledError, TaskStoppedError } from './schedulerErrors';
import { TaskRun } from './TaskRun';

/** A wait looks at the clock again after so long: it may have been set, or this machine may have slept. */
const longestStepMs = 60_000;

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
    this.#progress.nextRunAt = schedule.firstRun(Date.now() + schedule.initialDelayMs);
    this.#wait(this.#triggered ? 0 : schedule.initialDelayMs, () => {
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

  /** @param last - the time that the last run was scheduled for */
  #runAt(time: number | undefined, last = -Infinity): void {
    this.#progress.nextRunAt = time;
    if (time === undefined) return;
    const { schedule } = this.task;
    if (!schedule.isByClock) this.#wait(time - Date.now(), () => this.#begin());
    else this.#runByClock(time, last, Infinity);
  }

  #runByClock(time: number, last: number, leftBefore: number): void {
    const now = Date.now();
    const left = time - now;
    // If the clock was set back, another time may come first.
    if (left > leftBefore) this.#runAt(this.task.schedule.nextRun(last, now), last);
    else if (left <= longestStepMs) this.#wait(left, () => this.#begin(time));
    else this.#wait(longestStepMs, () => this.#runByClock(time, last, left));
  }

  /** By a clock that nobody sets. In steps, because a timer takes no more than 24 days. */
  #wait(milliseconds: number, then: () => void): void {
    const end = performance.now() + milliseconds;
    const step = () => {
      const left = end - performance.now();
      this.#timer = setTimeout(
        left > longestStepMs ? step : then,
        Math.max(0, Math.min(left, longestStepMs)),
      );
    };
    step();
  }

  #begin(dueAt?: number): void {
    clearTimeout(this.#timer);
    this.#triggered = false;
    this.#finished = this.#execute(dueAt);
  }

  async #execute(dueAt: number | undefined): Promise<void> {
    const { id, fn, schedule } = this.task;
    const startedAt = Date.now();
    const begin = performance.now();
    Object.assign(this.#progress, { running: true, worker: 'running', startedAt, nextRunAt: undefined });
    this.#run = new TaskRun({ id, fn, timeoutMs: schedule.timeoutMs, graceMs: this.#graceMs });
    const lastError = reportOutcome(id, await this.#run.done, this.#logger);
    this.#run = undefined;
    const now = Date.now();
    Object.assign(this.#progress, { running: false, worker: 'idle', lastEndedAt: now, lastError });
    if (this.#state === 'started') {
      const began = now - Math.round(performance.now() - begin);
      const next = schedule.nextRun(began, now, { dueAt, failed: lastError !== undefined });
      this.#runAt(next, dueAt ?? startedAt);
    }
  }
}
