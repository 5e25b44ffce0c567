// Checks whether a path is inside a folder, following symbolic links.
import { resolve } from 'node:path';
import { isWithin } from './isWithin';
import { realPath } from './realPath';

/**
 * Whether `path` is `base` or lies below it, after symbolic links are followed. Relative paths start at the working
 * directory; neither path needs to exist. A path that can't be followed, as with links in a circle, is no child.
 */
export function isChildPath(base: string, path: string): boolean {
  try {
    return isWithin(realPath(resolve(base)), realPath(resolve(path)));
  } catch {
    return false;
  }
}
