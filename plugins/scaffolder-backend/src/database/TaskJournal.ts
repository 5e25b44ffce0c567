// Writes down what happens in the tasks that this instance runs: many tasks in one transaction.
import { toError } from '@backstage/errors';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import { TaskCancelledError, TaskLostError } from '../tasks/taskErrors';
import { isPostgres } from './databaseNow';
import type { JournalEntry } from './JournalEntry';
import { writeEntries } from './writeEntries';
import { writeEntriesAtOnce } from './writeEntriesAtOnce';

/** What a journal needs besides the database. */
export interface TaskJournalOptions {
  /** The instance whose tasks are written about. */
  readonly holder: string;
  /** How long a database that is out of reach is waited for. */
  readonly patienceMs: number;
  readonly logger: LoggerService;
  /** Called with the ids of tasks of which something has been written. */
  readonly onWritten: (taskIds: Iterable<string>) => void;
  /** Called with a task whose end somebody has asked for, before those who wait for what was written go on. */
  readonly onCancelRequested: (taskId: string) => void;
}

interface Pending {
  readonly entry: JournalEntry;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const ENTRIES_PER_TRANSACTION = 200;
const RETRY_MS = 250;
/** How long what can wait does. People who follow the log do not notice. */
const LINGER_MS = 50;

/**
 * While one transaction is under way, what comes meanwhile is collected for the next: the busier the instance, the
 * fewer transactions a task. Lines of a log wait a moment for an entry that something waits for. An entry is refused with
 * `TaskLostError` once another instance has its task, so that what a lost run still does leaves no trace; and with
 * `TaskCancelledError` if it says that a task has completed which is to be cancelled.
 */
export class TaskJournal {
  readonly #knex: Knex;
  readonly #options: TaskJournalOptions;
  readonly #write: typeof writeEntries;
  readonly #pending: Pending[] = [];
  #writing = false;
  /** Whether nothing could be written since that was last told. */
  #failing = false;
  #lingering: NodeJS.Timeout | undefined;

  constructor(knex: Knex, options: TaskJournalOptions) {
    this.#knex = knex;
    this.#options = options;
    this.#write = isPostgres(knex) ? writeEntriesAtOnce : writeEntries;
  }

  /** Resolves when it is written. */
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
    // What other tasks have to say in this turn of the event loop comes along.
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
        this.#failing = false;
        return;
      } catch (error) {
        if (batch.length > 1) {
          // One that the database does not take must not keep those of other tasks from being written.
          for (const pending of batch) await this.#writePatiently([pending], giveUpAt);
          return;
        }
        if (performance.now() >= giveUpAt) {
          batch[0]!.failed(error);
          return;
        }
        if (!this.#failing) {
          this.#options.logger.warn(
            `What happened in the task '${batch[0]!.entry.taskId}' can't be written down, trying again: ${toError(error).message}`,
          );
        }
        this.#failing = true;
        await sleep(RETRY_MS);
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
