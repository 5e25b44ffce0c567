// Resolves symbolic links, even in paths whose end does not exist yet.
import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

const maxLinks = 40;

/**
 * The path that the operating system would use for `path`, even to create it.
 *
 * @throws the error of the file system if links form a cycle or a folder can't be read.
 */
export function realPath(path: string, linksLeft = maxLinks): string {
  try {
    // The native variant, because the other one makes a system call for each folder on the way.
    return realpathSync.native(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const parent = dirname(path);
  if (parent === path) return path;
  const realParent = realPath(parent, linksLeft);
  const candidate = join(realParent, basename(path));
  const target = linkTarget(candidate);
  if (target === undefined) return candidate;
  // The link exists but its target does not: writing to it would create the target.
  if (linksLeft === 0)
    throw Object.assign(new Error(`too many symbolic links at '${path}'`), { code: 'ELOOP' });
  return realPath(resolve(realParent, target), linksLeft - 1);
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // EINVAL: not a link. Windows reports UNKNOWN for some files.
    if (isMissing(error) || code === 'EINVAL' || code === 'UNKNOWN') return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
