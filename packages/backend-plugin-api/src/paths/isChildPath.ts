// Checks whether a path is inside a folder, following symbolic links.
import { resolve } from 'node:path';
import { isWithin } from './isWithin';
import { realPath } from './realPath';

/**
 * Whether `path` is `base` or lies below it, after following symbolic links. Relative paths start at the working
 * directory. Neither path needs to exist. Returns `false` if a path can't be followed, for example because links form a
 * circle.
 */
export function isChildPath(base: string, path: string): boolean {
  try {
    return isWithin(realPath(resolve(base)), realPath(resolve(path)));
  } catch {
    return false;
  }
}
