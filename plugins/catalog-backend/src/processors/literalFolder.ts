// Tells the folder of a path from the pattern that may follow it.
import { existsSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';

/**
 * The folder that an absolute path, maybe with globs, stays in. Existing folders are taken literally, whatever signs
 * are in their names: a second download is called `theatre (1)`.
 */
export function literalFolder(path: string): string {
  const folder = dirname(path);
  let end = 0;
  for (const name of folder.split(sep)) {
    end += name.length;
    const part = folder.slice(0, end);
    if (/[*?[\]{}()!]/.test(name) && !existsSync(part)) return dirname(part);
    end += sep.length;
  }
  return folder;
}

/** What follows that folder, with slashes on Windows as well. */
export function patternOf(path: string): string {
  return relative(literalFolder(path), path).replaceAll(sep, '/');
}
