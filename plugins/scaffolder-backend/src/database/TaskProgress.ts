// Reads what a task goes on from after it was interrupted.
import type { JsonObject, JsonValue } from '@backstage/types';
import type { Knex } from 'knex';
import type { TaskSeal } from '../tasks/TaskSeal';

/** What the earlier run of a task left. */
export interface TaskProgress {
  /** Outputs of finished steps, and of finished items of an `each`, by {@link stepKey}. */
  readonly steps: ReadonlyMap<string, JsonObject>;
  /** By the key under which they were written. */
  readonly checkpoints: ReadonlyMap<string, JsonValue>;
  /** The files; null where they were too many to keep, undefined where there were none. */
  readonly workspace?: Buffer | null;
}

interface ProgressRow {
  task_id: string;
  kind: 'step' | 'checkpoint';
  key: string;
  value: string;
}

interface WorkspaceRow {
  task_id: string;
  archive: Buffer | null;
}

export const noProgress: TaskProgress = { steps: new Map(), checkpoints: new Map() };

/** By position, as templates may give two steps the same id. */
export function stepKey(index: number, item?: number): string {
  return item === undefined ? `${index}` : `${index}.${item}`;
}

/** Throws `UnknownTaskKeyError` where it was encrypted by an instance with another key. */
export async function readTaskProgress(knex: Knex, taskId: string, seal: TaskSeal): Promise<TaskProgress> {
  const [rows, files] = await Promise.all([
    knex<ProgressRow>('scaffolder_task_progress').where({ task_id: taskId }),
    knex<WorkspaceRow>('scaffolder_task_workspaces').where({ task_id: taskId }).first(),
  ]);
  const read = (kind: 'step' | 'checkpoint') =>
    new Map(
      rows
        .filter(row => row.kind === kind)
        .map(({ key, value }) => [key, seal.openValue(value, key)] as const),
    );
  return {
    steps: read('step') as Map<string, JsonObject>,
    checkpoints: read('checkpoint'),
    ...(files && { workspace: files.archive && seal.openBytes(files.archive) }),
  };
}

/** So that the next run begins anew, or because there will be none. */
export async function clearTaskProgress(knex: Knex, taskIds: string[] | Knex.QueryBuilder): Promise<void> {
  for (const table of ['scaffolder_task_progress', 'scaffolder_task_workspaces']) {
    await knex(table).whereIn('task_id', taskIds).delete();
  }
}
