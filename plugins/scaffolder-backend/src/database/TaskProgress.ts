// Reads what an interrupted task resumes from.
import type { JsonObject, JsonValue } from '@backstage/types';
import type { Knex } from 'knex';
import type { TaskSeal } from '../tasks/TaskSeal';

/** What the previous run of a task left behind. */
export interface TaskProgress {
  /** Outputs of finished steps, and of finished iterations of an `each`, by {@link stepKey}. */
  readonly steps: ReadonlyMap<string, JsonObject>;
  /** Indexed by the key of the checkpoint. */
  readonly checkpoints: ReadonlyMap<string, JsonValue>;
  /** The files; null if they were too large to store, undefined if there were none. */
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

/** By position, because two steps of a template may have the same id. */
export function stepKey(index: number, item?: number): string {
  return item === undefined ? `${index}` : `${index}.${item}`;
}

/** Throws `UnknownTaskKeyError` if the progress was encrypted by an instance with a different key. */
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

/** So that the next run starts from scratch, or because there will be none. */
export async function clearTaskProgress(knex: Knex, taskIds: string[] | Knex.QueryBuilder): Promise<void> {
  for (const table of ['scaffolder_task_progress', 'scaffolder_task_workspaces']) {
    await knex(table).whereIn('task_id', taskIds).delete();
  }
}
