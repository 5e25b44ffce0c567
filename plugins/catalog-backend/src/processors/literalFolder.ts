// Tells the folder of a path from the pattern that may follow it.
import { existsSync } from 'node:fs';
import { basename, dirname, relative, sep } from 'node:path';

/**
 * The folder that an absolute path, maybe with globs, stays in. Existing folders are taken literally, whatever signs
 * are in their names: a second download is called `theatre (1)`.
 */
export function literalFolder(path: string): string {
  const folder = dirname(path);
  if (folder === path) return folder;
  const above = literalFolder(folder);
  // A pattern goes on to the end.
  const isPattern =
    above !== dirname(folder) || (/[*?[\]{}()!]/.test(basename(folder)) && !existsSync(folder));
  return isPattern ? above : folder;
}

/** What follows that folder, with slashes on Windows as well. */
export function patternOf(path: string): string {
  return relative(literalFolder(path), path).replaceAll(sep, '/');
}
