// Resolves symbolic links, even in paths whose end does not exist yet.
import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, parse, resolve, sep } from 'node:path';

const maxLinks = 40;

/**
 * The path that the operating system would use for `path`, even to create it.
 *
 * @throws the error of the file system if links form a cycle or a folder can't be read.
 */
export function realPath(path: string): string {
  return follow(path, { links: maxLinks });
}

/** Like the operating system, takes from `left` each link that it follows, wherever it is in the path. */
function follow(path: string, left: { links: number }): string {
  try {
    // The native variant, because the other one makes a system call for each folder on the way.
    return realpathSync.native(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const parent = dirname(path);
  return parent === path ? path : followLast(join(follow(parent, left), basename(path)), left);
}

/** Only the last part of `path` may be a link. */
function followLast(path: string, left: { links: number }): string {
  const target = linkTarget(path);
  if (target === undefined) return path;
  // The link exists but its target may not: writing to it would create the target.
  if (left.links-- === 0)
    throw Object.assign(new Error(`too many symbolic links at '${path}'`), { code: 'ELOOP' });
  const { root } = parse(target);
  let place = resolve(dirname(path), root);
  // One part after the other, because `..` after a link leads to the parent of its target.
  for (const part of target.slice(root.length).split(sep)) {
    place = part === '..' ? dirname(place) : followLast(join(place, part), left);
  }
  return place;
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
