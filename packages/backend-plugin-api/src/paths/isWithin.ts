// Compares paths by their text alone.
import nodePath from 'node:path';

/** Whether `path` is `base` or below it. `api` is for tests of the other platform's rules. */
export function isWithin(base: string, path: string, api: nodePath.PlatformPath = nodePath): boolean {
  const relative = api.relative(base, path);
  // On another drive the result is absolute; `..foo` is an ordinary name.
  return !(relative === '..' || relative.startsWith(`..${api.sep}`) || api.isAbsolute(relative));
}
