// One run of a task: ends its signal on timeout or when asked to, and does not wait for ever for what ignores that.
import type { SchedulerServiceTaskFunction } from '@greenroom/backend-plugin-api';
import { TaskTimeoutError } from './schedulerErrors';

/** What to run. */
export interface TaskRunOptions {
  id: string;
  fn: SchedulerServiceTaskFunction;
  timeoutMs: number;
  /** Milliseconds that the function has to return once its signal is aborted. */
  graceMs: number;
}

/** How a run ended. */
export interface TaskRunOutcome {
  /** What the function threw, or the reason of the abort. */
  error?: unknown;
  /** The function has not returned: it was given up. */
  abandoned: boolean;
}

// Timers take no more.
const longestTimerMs = 2 ** 31 - 1;

/** Runs as soon as it is made. */
export class TaskRun {
  /** Never rejects. */
  readonly done: Promise<TaskRunOutcome>;
  readonly #controller = new AbortController();

  constructor(options: TaskRunOptions) {
    this.done = this.#run(options);
  }

  /** Aborts the signal of the function, the first time it is called. */
  abort(reason: Error): void {
    this.#controller.abort(reason);
  }

  async #run({ id, fn, timeoutMs, graceMs }: TaskRunOptions): Promise<TaskRunOutcome> {
    const { signal } = this.#controller;
    const timeout = setTimeout(
      () => this.abort(new TaskTimeoutError(id, timeoutMs)),
      Math.min(timeoutMs, longestTimerMs),
    );
    let grace: NodeJS.Timeout | undefined;
    const abandoned = new Promise<TaskRunOutcome>(resolve => {
      signal.addEventListener('abort', () => {
        grace = setTimeout(() => resolve({ error: signal.reason, abandoned: true }), graceMs);
      });
    });
    // Looked at when the function ends, as an abort after that has no part in it.
    const ended = (end: { error?: unknown }): TaskRunOutcome => ({
      // What a function throws after the abort only follows from it.
      ...(signal.aborted ? { error: signal.reason } : end),
      abandoned: false,
    });
    const work = (async () => fn(signal))().then(
      () => ended({}),
      (error: unknown) => ended({ error: error ?? new Error('The task threw nothing') }),
    );
    const outcome = await Promise.race([work, abandoned]);
    clearTimeout(timeout);
    clearTimeout(grace);
    return outcome;
  }
}
