// Tells where an unknown key is most likely a known one with a slip.
import { nearestId } from '@greenroom/backend-plugin-api/internal';
import type { ConfigPath } from '../ConfigDocument';
import { configKey } from './configKey';

/** A sentence for each unknown key that is much like one of those beside it. */
export function findMisspellings(
  unknown: ReadonlyArray<{ path: ConfigPath; known: ReadonlySet<string> }>,
): Array<{ path: ConfigPath; message: string }> {
  return unknown.flatMap(({ path, known }) => {
    const { nearest } = nearestId(String(path.at(-1)), known);
    if (nearest === undefined) return [];
    const effect = path.length > 1 ? ' and has no effect' : '';
    return [{ path, message: `${configKey(path)} is not known${effect}: did you mean '${nearest}'?` }];
  });
}
