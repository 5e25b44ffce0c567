// Turns one target into the files it stands for.
import { lstat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import type { LocationTarget } from './LocationTarget';

/** Absolute paths in a stable order, or why there are none. */
export type FoundFiles =
  { readonly files: readonly string[]; readonly origin: string } | { readonly reason: string };

/**
 * Finds the files of `target`. A glob skips what is no file and what starts with a dot; a plain path is taken as it is,
 * so that reading it says what is wrong with it.
 */
export async function findFiles(target: LocationTarget): Promise<FoundFiles> {
  const url = /^[a-z][a-z0-9+.-]+:\/\//i.test(target.target);
  if (url) {
    return { reason: `'${target.target}' is a URL: the catalog does not read URLs yet, only files` };
  }
  // A relative target of a Location of type url is relative to the file that names it, and that one is on this disk.
  const relativeUrl = target.type === 'url' && target.origin !== undefined;
  if (target.type !== 'file' && !relativeUrl) {
    const state = target.type === 'url' ? 'not supported yet' : 'not known';
    return { reason: `locations of type '${target.type}' are ${state}: the catalog reads type 'file'` };
  }
  const path = resolve(target.directory, target.target);
  const origin = target.origin ?? `file:${path}`;
  if (await exists(path)) return { files: [path], origin };
  if (!isDynamicPattern(target.target)) {
    return target.optional ? { files: [], origin } : { reason: `there is no file '${path}'` };
  }
  const files = await glob(target.target, {
    cwd: target.directory,
    absolute: true,
    expandDirectories: false,
  });
  if (files.length > 0 || target.optional) return { files: files.sort(), origin };
  return { reason: `no file matches '${target.target}' in '${target.directory}'` };
}

/** Links that lead nowhere and what may not be looked at exist: reading them says what is wrong. */
async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );
}
