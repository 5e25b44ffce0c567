// Writes what happens in the tasks of this instance to the database, batching many tasks into one transaction.
import { toError } from '@backstage/errors';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { FailureLog, isPostgres } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import { TaskCancelledError, TaskLostError } from '../tasks/taskErrors';
import type { JournalEntry } from './JournalEntry';
import { writeEntries } from './writeEntries';
import { writeEntriesAtOnce } from './writeEntriesAtOnce';

/** What a journal needs besides the database. */
export interface TaskJournalOptions {
  /** The instance that runs the tasks. */
  readonly holder: string;
  /** How long to retry while the database is unreachable. */
  readonly patienceMs: number;
  readonly logger: LoggerService;
  /** Called with the ids of tasks that something has been written about. */
  readonly onWritten: (taskIds: Iterable<string>) => void;
  /** Called with a task that is to be cancelled, before callers that wait for its entries continue. */
  readonly onCancelRequested: (taskId: string) => void;
}

interface Pending {
  readonly entry: JournalEntry;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const ENTRIES_PER_TRANSACTION = 200;
const RETRY_MS = 250;
/** How long entries that can wait are delayed. Not noticeable to anybody who follows a log. */
const LINGER_MS = 50;

/**
 * Entries that arrive during a transaction are collected for the next one, so the busier the instance, the fewer
 * transactions per task. Log lines wait a moment, so that they can be written together with an entry that something
 * waits for. An entry is rejected with `TaskLostError` once another instance has taken over its task, so that a lost
 * run leaves no trace; and with `TaskCancelledError` if it marks a task as completed that is to be cancelled.
 */
export class TaskJournal {
  readonly #knex: Knex;
  readonly #options: TaskJournalOptions;
  readonly #write: typeof writeEntries;
  readonly #log: FailureLog;
  readonly #pending: Pending[] = [];
  #writing = false;
  #lingering: NodeJS.Timeout | undefined;

  constructor(knex: Knex, options: TaskJournalOptions) {
    this.#knex = knex;
    this.#options = options;
    this.#log = new FailureLog(options.logger, 'Writing down what happens in tasks', { waits: true });
    this.#write = isPostgres(knex) ? writeEntriesAtOnce : writeEntries;
  }

  /** Resolves once the entry is written. */
  append(entry: JournalEntry): Promise<void> {
    return new Promise((done, failed) => {
      this.#pending.push({ entry, done, failed });
      if (entry.canWait) this.#linger();
      else this.#begin();
    });
  }

  #linger(): void {
    if (!this.#writing) this.#lingering ??= setTimeout(() => this.#begin(), LINGER_MS);
  }

  #begin(): void {
    if (this.#writing) return;
    clearTimeout(this.#lingering);
    this.#lingering = undefined;
    this.#writing = true;
    // Entries that other tasks append in this turn of the event loop join the batch.
    setImmediate(() => void this.#drain());
  }

  async #drain(): Promise<void> {
    do {
      const batch = this.#pending.splice(0, ENTRIES_PER_TRANSACTION);
      await this.#writePatiently(batch, performance.now() + this.#options.patienceMs);
    } while (this.#pending.some(({ entry }) => !entry.canWait));
    this.#writing = false;
    if (this.#pending.length > 0) this.#linger();
  }

  async #writePatiently(batch: Pending[], giveUpAt: number): Promise<void> {
    for (;;) {
      try {
        await this.#writeBatch(batch);
        this.#log.worked();
        return;
      } catch (error) {
        if (batch.length > 1) {
          // An entry that the database rejects must not keep those of other tasks from being written.
          for (const pending of batch) await this.#writePatiently([pending], giveUpAt);
          return;
        }
        if (performance.now() >= giveUpAt) {
          batch[0]!.failed(error);
          return;
        }
        this.#log.failed(toError(error));
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  async #writeBatch(batch: Pending[]): Promise<void> {
    const entries = batch.map(({ entry }) => entry);
    const kept = await this.#write(this.#knex, this.#options.holder, entries);
    for (const [id, { cancelRequested }] of kept) if (cancelRequested) this.#options.onCancelRequested(id);
    for (const { entry, done, failed } of batch) {
      const task = kept.get(entry.taskId);
      if (!task) failed(new TaskLostError(entry.taskId, 'another one has taken it over, or it was ended'));
      else if (task.cancelRequested && entry.end === 'completed') failed(new TaskCancelledError());
      else done();
    }
    this.#options.onWritten(kept.keys());
  }
}
