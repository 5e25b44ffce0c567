// Writes journal entries in SQL that every database supports: a few statements in one transaction.
import type { Knex } from 'knex';
import type { TaskEnd } from '../tasks/Task';
import { databaseNow } from './databaseNow';
import type { JournalEntry } from './JournalEntry';
import { clearTaskProgress } from './TaskProgress';
import type { TaskRow } from './TaskRow';

/** Tasks that the holder still has, and whether they are to be cancelled. */
export type HeldTasks = ReadonlyMap<string, { readonly cancelRequested: boolean }>;

/**
 * Returns the tasks that the holder still has. Nothing is written about others, nor about the completion of a task
 * whose cancellation was requested: the caller was promised that it would be cancelled.
 */
export function writeEntries(
  knex: Knex,
  holder: string,
  entries: readonly JournalEntry[],
): Promise<HeldTasks> {
  return knex.transaction(async trx => {
    const ids = [...new Set(entries.map(({ taskId }) => taskId))];
    const kept = heldTasks(
      await trx<TaskRow>('scaffolder_tasks')
        .whereIn('id', ids)
        .where({ holder, status: 'processing' })
        .select('id', 'cancel_requested'),
    );
    const own = entries.filter(({ taskId, end }) => {
      const task = kept.get(taskId);
      return task && !(task.cancelRequested && end === 'completed');
    });
    await writeEvents(trx, own);
    await writeProgress(trx, own);
    await writeWorkspaces(trx, own);
    await writeEnds(trx, own);
    return kept;
  });
}

/** SQLite returns booleans as numbers. */
export function heldTasks(rows: ReadonlyArray<Pick<TaskRow, 'id' | 'cancel_requested'>>): HeldTasks {
  return new Map(
    rows.map(({ id, cancel_requested: asked }) => [id, { cancelRequested: Boolean(asked) }] as const),
  );
}

export async function writeEvents(trx: Knex.Transaction, entries: readonly JournalEntry[]): Promise<void> {
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

async function writeProgress(trx: Knex.Transaction, entries: readonly JournalEntry[]): Promise<void> {
  const rows = progressOf(entries);
  if (rows.length === 0) return;
  await trx('scaffolder_task_progress').insert(rows).onConflict(['task_id', 'kind', 'key']).merge(['value']);
}

/** One row per key, because one statement can't write a row twice. */
export function progressOf(entries: readonly JournalEntry[]) {
  const rows = new Map<string, { task_id: string; kind: string; key: string; value: string }>();
  for (const { taskId, progress } of entries) {
    if (progress) rows.set(`${taskId} ${progress.kind} ${progress.key}`, { task_id: taskId, ...progress });
  }
  return [...rows.values()];
}

async function writeWorkspaces(trx: Knex.Transaction, entries: readonly JournalEntry[]): Promise<void> {
  for (const { taskId, workspace } of entries) {
    if (workspace === undefined) continue;
    await trx('scaffolder_task_workspaces')
      .insert({ task_id: taskId, archive: workspace })
      .onConflict('task_id')
      .merge(['archive']);
  }
}

async function writeEnds(trx: Knex.Transaction, entries: readonly JournalEntry[]): Promise<void> {
  const idsByEnd = new Map<TaskEnd, string[]>();
  for (const { taskId, end } of entries) {
    if (end) idsByEnd.set(end, [...(idsByEnd.get(end) ?? []), taskId]);
  }
  for (const [status, ids] of idsByEnd) {
    await trx('scaffolder_tasks')
      .whereIn('id', ids)
      .update({ status, holder: null, sealed: null, ended_at: databaseNow(trx) });
  }
  // A completed task will not be resumed.
  const completed = idsByEnd.get('completed');
  if (completed) await clearTaskProgress(trx, completed);
}
