// Follows the events of tasks, whichever instance writes them.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { TaskStore } from '../database/TaskStore';
import type { TaskEvent } from './Task';

const POLL_MS = 500;
/** A database server that has vanished may not answer for minutes, during which nobody would get any events. */
const LONGEST_POLL_MS = 5_000;

interface Waiter {
  readonly after: number;
  readonly woken: Promise<void>;
  readonly wake: () => void;
}

/**
 * Is woken immediately by what this instance writes, and polls the database for the rest: one query for all followed
 * tasks, twice a second.
 */
export class TaskFeed {
  readonly #store: TaskStore;
  readonly #logger: LoggerService;
  /** Who waits for events of which task, with the last event they have seen. */
  readonly #waiting = new Map<string, Set<Waiter>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(store: TaskStore, logger: LoggerService) {
    this.#store = store;
    this.#logger = logger;
  }

  /** Called after something has been written about these tasks. */
  wake(taskIds: Iterable<string>): void {
    for (const id of taskIds) this.#waiting.get(id)?.forEach(({ wake }) => wake());
  }

  /**
   * Yields the events after the id `after`, in batches, until the task ends or the signal is aborted. With `retries`
   * it continues after the end of the task, with the events of a retry, until the signal is aborted.
   */
  async *follow(
    taskId: string,
    after: number,
    signal: AbortSignal,
    { retries = false } = {},
  ): AsyncGenerator<TaskEvent[]> {
    while (!signal.aborted) {
      // Registered before reading, so that no event is missed in between.
      const waiter = this.#wait(taskId, after, signal);
      try {
        const events = await this.#store.listEvents(taskId, after);
        if (events.length === 0) {
          if (!retries && (await this.#isOver(taskId, after))) return;
          await waiter.woken;
          continue;
        }
        after = events.at(-1)!.id;
        yield events;
        if (!retries && events.some(({ type }) => type === 'completion')) return;
      } finally {
        waiter.wake();
      }
    }
  }

  /** Whether the task has ended and its last event has been seen. */
  async #isOver(taskId: string, after: number): Promise<boolean> {
    if (!(await this.#store.hasEnded(taskId))) return false;
    return (await this.#store.listEvents(taskId, after)).length === 0;
  }

  #wait(taskId: string, after: number, signal: AbortSignal): Waiter {
    const { promise: woken, resolve } = deferred();
    const waiters = this.#waiting.get(taskId) ?? new Set();
    const waiter: Waiter = {
      after,
      woken,
      wake: () => {
        waiters.delete(waiter);
        if (waiters.size === 0 && this.#waiting.get(taskId) === waiters) this.#waiting.delete(taskId);
        signal.removeEventListener('abort', waiter.wake);
        resolve();
      },
    };
    waiters.add(waiter);
    this.#waiting.set(taskId, waiters);
    signal.addEventListener('abort', waiter.wake, { once: true });
    if (!this.#timer) this.#timer = setTimeout(() => void this.#poll(), POLL_MS);
    return waiter;
  }

  async #poll(): Promise<void> {
    try {
      const last = await this.#store.lastEventIds([...this.#waiting.keys()], LONGEST_POLL_MS);
      for (const [id, waiters] of this.#waiting) {
        for (const { after, wake } of waiters) if ((last.get(id) ?? 0) > after) wake();
      }
    } catch (error) {
      this.#logger.debug(`The events of tasks can't be read at the moment: ${String(error)}`);
    }
    this.#timer = this.#waiting.size > 0 ? setTimeout(() => void this.#poll(), POLL_MS) : undefined;
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>(done => (resolve = done));
  return { promise, resolve };
}
