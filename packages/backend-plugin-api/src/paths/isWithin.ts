// Compares paths by their text only.
import nodePath from 'node:path';

/** Whether `path` is `base` or below it. `api` lets tests use the rules of another platform. */
export function isWithin(base: string, path: string, api: nodePath.PlatformPath = nodePath): boolean {
  const relative = api.relative(base, path);
  // For a path on another drive the result is absolute; `..foo` is an ordinary name.
  return !(relative === '..' || relative.startsWith(`..${api.sep}`) || api.isAbsolute(relative));
}
