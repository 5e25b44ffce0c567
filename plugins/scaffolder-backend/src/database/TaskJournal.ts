// Writes down what happens in the tasks that this instance runs: many tasks in one transaction.
import { toError } from '@backstage/errors';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskEnd, TaskEventBody, TaskEventType } from '../tasks/Task';
import { TaskLostError } from '../tasks/taskErrors';
import { databaseNow, isPostgres } from './databaseNow';

/** What is to be written of one task, all of it or nothing. */
export interface JournalEntry {
  readonly taskId: string;
  readonly events?: ReadonlyArray<{ readonly type: TaskEventType; readonly body: TaskEventBody }>;
  /** What the task goes on from when it is interrupted. */
  readonly progress?: { readonly kind: 'step' | 'checkpoint'; readonly key: string; readonly value: string };
  /** The files as they are now; null where they are too many to keep. */
  readonly workspace?: Buffer | null;
  readonly end?: TaskEnd;
}

/** What a journal needs besides the database. */
export interface TaskJournalOptions {
  /** The instance whose tasks are written about. */
  readonly holder: string;
  /** How long a database that is out of reach is waited for. */
  readonly patienceMs: number;
  readonly logger: LoggerService;
  /** Called with the ids of tasks of which something has been written. */
  readonly onWritten: (taskIds: ReadonlySet<string>) => void;
}

interface Pending {
  readonly entry: JournalEntry;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const ENTRIES_PER_TRANSACTION = 200;
const RETRY_MS = 250;

/**
 * While one transaction is under way, what comes meanwhile is collected for the next: the busier the instance, the
 * fewer transactions a task. An entry is refused with `TaskLostError` once another instance has its task, so that what
 * a lost run still does leaves no trace.
 */
export class TaskJournal {
  readonly #knex: Knex;
  readonly #options: TaskJournalOptions;
  readonly #pending: Pending[] = [];
  #writing = false;

  constructor(knex: Knex, options: TaskJournalOptions) {
    this.#knex = knex;
    this.#options = options;
  }

  /** Resolves when it is written. */
  append(entry: JournalEntry): Promise<void> {
    return new Promise((done, failed) => {
      this.#pending.push({ entry, done, failed });
      if (this.#writing) return;
      this.#writing = true;
      // What other tasks have to say in this turn of the event loop comes along.
      setImmediate(() => void this.#drain());
    });
  }

  async #drain(): Promise<void> {
    while (this.#pending.length > 0) {
      await this.#writePatiently(this.#pending.splice(0, ENTRIES_PER_TRANSACTION));
    }
    this.#writing = false;
  }

  async #writePatiently(batch: Pending[]): Promise<void> {
    const giveUpAt = performance.now() + this.#options.patienceMs;
    for (;;) {
      try {
        const kept = await this.#write(batch.map(({ entry }) => entry));
        for (const { entry, done, failed } of batch) {
          if (kept.has(entry.taskId)) done();
          else failed(new TaskLostError(entry.taskId, 'another one has taken it over, or it was ended'));
        }
        this.#options.onWritten(kept);
        return;
      } catch (error) {
        if (performance.now() >= giveUpAt) {
          for (const { failed } of batch) failed(error);
          return;
        }
        this.#options.logger.warn(
          `What happened in ${batch.length} tasks can't be written down, trying again: ${toError(error).message}`,
        );
        await sleep(RETRY_MS);
      }
    }
  }

  /** Gives the tasks that are still this instance's; nothing is written of others. */
  #write(entries: JournalEntry[]): Promise<Set<string>> {
    return this.#knex.transaction(async trx => {
      const held = trx('scaffolder_tasks')
        .whereIn('id', [...new Set(entries.map(({ taskId }) => taskId))])
        .where({ holder: this.#options.holder, status: 'processing' });
      // Locked, so that ids of events grow in the order in which they can be seen.
      if (isPostgres(this.#knex)) held.forUpdate();
      const kept = new Set<string>(await held.pluck('id'));
      const own = entries.filter(({ taskId }) => kept.has(taskId));
      await this.#writeEvents(trx, own);
      await this.#writeProgress(trx, own);
      await this.#writeWorkspaces(trx, own);
      await this.#writeEnds(trx, own);
      return kept;
    });
  }

  async #writeEvents(trx: Knex.Transaction, entries: JournalEntry[]): Promise<void> {
    const rows = entries.flatMap(({ taskId, events = [] }) =>
      events.map(({ type, body }) => ({
        task_id: taskId,
        type,
        body: JSON.stringify(body),
        created_at: databaseNow(trx),
      })),
    );
    if (rows.length > 0) await trx('scaffolder_task_events').insert(rows);
  }

  async #writeProgress(trx: Knex.Transaction, entries: JournalEntry[]): Promise<void> {
    // By key, because one statement can't write one row twice.
    const rows = new Map(
      entries.flatMap(({ taskId, progress }) =>
        progress
          ? [[`${taskId} ${progress.kind} ${progress.key}`, { task_id: taskId, ...progress }] as const]
          : [],
      ),
    );
    if (rows.size === 0) return;
    await trx('scaffolder_task_progress')
      .insert([...rows.values()])
      .onConflict(['task_id', 'kind', 'key'])
      .merge(['value']);
  }

  async #writeWorkspaces(trx: Knex.Transaction, entries: JournalEntry[]): Promise<void> {
    for (const { taskId, workspace } of entries) {
      if (workspace === undefined) continue;
      await trx('scaffolder_task_workspaces')
        .insert({ task_id: taskId, archive: workspace })
        .onConflict('task_id')
        .merge(['archive']);
    }
  }

  async #writeEnds(trx: Knex.Transaction, entries: JournalEntry[]): Promise<void> {
    const idsByEnd = new Map<TaskEnd, string[]>();
    for (const { taskId, end } of entries) {
      if (end) idsByEnd.set(end, [...(idsByEnd.get(end) ?? []), taskId]);
    }
    for (const [status, ids] of idsByEnd) {
      await trx('scaffolder_tasks')
        .whereIn('id', ids)
        .update({ status, holder: null, sealed: null, ended_at: databaseNow(trx) });
    }
    // What a task that succeeded went on from is of no use any more.
    const completed = idsByEnd.get('completed');
    if (completed) {
      await trx('scaffolder_task_progress').whereIn('task_id', completed).delete();
      await trx('scaffolder_task_workspaces').whereIn('task_id', completed).delete();
    }
  }
}
