// Task data that must not be stored in plain text: the secrets, and the token of the initiator.
import type { TaskSecrets } from '@greenroom/plugin-scaffolder-node';
import type { TaskCipher } from './TaskCipher';
import type { TaskInitiator } from './TaskInitiator';

/** Stored until the task has ended. */
export interface SealedTaskData {
  readonly secrets: TaskSecrets;
  readonly token?: string;
}

/** Returns the encrypted form for the database, or `undefined` if there is nothing to store. */
export function sealTaskData(
  data: { secrets: TaskSecrets; initiator: TaskInitiator },
  taskId: string,
  cipher: TaskCipher,
): string | undefined {
  const { token } = data.initiator;
  if (token === undefined && Object.keys(data.secrets).length === 0) return undefined;
  return cipher.sealText(JSON.stringify({ secrets: data.secrets, token }), `${taskId} secrets`);
}

/** Throws `UnknownTaskKeyError` if another instance sealed it with its own key. */
export function openTaskData(sealed: string | null, taskId: string, cipher: TaskCipher): SealedTaskData {
  if (sealed === null) return { secrets: {} };
  return JSON.parse(cipher.openText(sealed, `${taskId} secrets`)) as SealedTaskData;
}
