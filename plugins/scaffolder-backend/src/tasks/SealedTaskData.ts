// What a task needs that must not lie in the database in clear: its secrets, and the token of its initiator.
import type { TaskSecrets } from '@greenroom/plugin-scaffolder-node';
import type { TaskCipher } from './TaskCipher';
import type { TaskInitiator } from './TaskInitiator';

/** Kept while the task has not ended. */
export interface SealedTaskData {
  readonly secrets: TaskSecrets;
  readonly token?: string;
}

/** In the form for the database; `undefined` where there is nothing to keep. */
export function sealTaskData(
  data: { secrets: TaskSecrets; initiator: TaskInitiator },
  taskId: string,
  cipher: TaskCipher,
): string | undefined {
  const { token } = data.initiator;
  if (token === undefined && Object.keys(data.secrets).length === 0) return undefined;
  return cipher.sealText(JSON.stringify({ secrets: data.secrets, token }), `${taskId} secrets`);
}

/** Throws `UnknownTaskKeyError` where another instance sealed it with a key of its own. */
export function openTaskData(sealed: string | null, taskId: string, cipher: TaskCipher): SealedTaskData {
  if (sealed === null) return { secrets: {} };
  return JSON.parse(cipher.openText(sealed, `${taskId} secrets`)) as SealedTaskData;
}
