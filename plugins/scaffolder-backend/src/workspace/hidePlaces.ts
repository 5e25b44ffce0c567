// Takes the folders of this machine out of the messages of errors.
import { isError } from '@backstage/errors';
import { basename, resolve } from 'node:path';

const DEEPEST_CAUSE = 10;

/** Users see the messages, in which Node names paths. `folders` keep their last names, the workspace is a dot. */
export function hidePlaces(error: unknown, workspacePath: string, folders: readonly string[] = []): void {
  let at = error;
  for (let depth = 0; isError(at) && depth <= DEEPEST_CAUSE; depth++) {
    let message = at.message.replaceAll(resolve(workspacePath), '.');
    for (const folder of folders) message = message.replaceAll(resolve(folder), basename(folder));
    // Some messages can't be set, which must not hide the error.
    if (message !== at.message) Reflect.set(at, 'message', message);
    at = at.cause;
  }
}
