// One run of a task. Aborts on timeout or request, and abandons a function that ignores its signal.
import type { SchedulerServiceTaskFunction } from '@greenroom/backend-plugin-api';
import { TaskTimeoutError } from './schedulerErrors';
import { longestTimer } from '../../config/readDuration';

/** What to run. */
export interface TaskRunOptions {
  id: string;
  fn: SchedulerServiceTaskFunction;
  timeoutMs: number;
  /** How long the function may take to return after its signal is aborted, in milliseconds. */
  graceMs: number;
}

/** How a run ended. */
export interface TaskRunOutcome {
  /** What the function threw, or the reason of the abort. */
  error?: unknown;
  /** The function has not returned and is no longer waited for. */
  abandoned: boolean;
}

/** Starts on construction. */
export class TaskRun {
  /** Never rejects. */
  readonly done: Promise<TaskRunOutcome>;
  readonly #controller = new AbortController();
  readonly #graceMs: number;
  readonly #graces: NodeJS.Timeout[] = [];
  #abandon = () => {};
  #isOver = false;

  constructor(options: TaskRunOptions) {
    this.#graceMs = options.graceMs;
    this.done = this.#run(options);
  }

  /** Aborts the function's signal. Of several calls the first reason and the earliest end of a grace count. */
  abort(reason: Error, graceMs = this.#graceMs): void {
    if (this.#isOver) return;
    this.#controller.abort(reason);
    this.#graces.push(setTimeout(() => this.#abandon(), graceMs));
  }

  async #run({ id, fn, timeoutMs }: TaskRunOptions): Promise<TaskRunOutcome> {
    const { signal } = this.#controller;
    const timeout = setTimeout(
      () => this.abort(new TaskTimeoutError(id, timeoutMs)),
      Math.min(timeoutMs, longestTimer),
    );
    const abandoned = new Promise<TaskRunOutcome>(resolve => {
      this.#abandon = () => resolve({ error: signal.reason, abandoned: true });
    });
    // Evaluated when the function ends, because a later abort must not count.
    const ended = (end: { error?: unknown }): TaskRunOutcome => ({
      // An error after the abort is only its consequence.
      ...(signal.aborted ? { error: signal.reason } : end),
      abandoned: false,
    });
    const work = (async () => fn(signal))().then(
      () => ended({}),
      (error: unknown) => ended({ error: error ?? new Error('The task threw nothing') }),
    );
    const outcome = await Promise.race([work, abandoned]);
    clearTimeout(timeout);
    this.#isOver = true;
    this.#graces.forEach(clearTimeout);
    return outcome;
  }
}
