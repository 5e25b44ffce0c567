// Finds the entity files in a folder.
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { isChildPath } from '@greenroom/backend-plugin-api';
import type { WatchedDirectory } from './readDirectories';

/** Paths of files, by where their content is: a path may be a link, or lead through links. */
export type FilesByContent = ReadonlyMap<string, string>;

export interface FoundFiles {
  readonly files: FilesByContent;
  /** Links and folders that should be known to be missing from the files, with the reason. */
  readonly leftOut: ReadonlyMap<string, string>;
}

/**
 * Follows links that stay in the folder. A file is found once, however many links lead to it, and a folder as well.
 *
 * @param enter - called with each folder before it is read, and with those that links lead to
 * @param known - the files that were found before, which stay if their folder can't be read
 */
export async function findFiles(
  { path, filename }: WatchedDirectory,
  enter: (folder: string) => void,
  known: FilesByContent,
): Promise<FoundFiles> {
  const files = new Map<string, string>();
  const leftOut = new Map<string, string>();
  const entered = new Set<string>();

  /** Returns the links in the folder, which is found under its own path, and in the folders below. */
  async function walk(folder: string, own: string): Promise<string[]> {
    if (entered.has(folder)) return [];
    entered.add(folder);
    enter(folder);
    const entries = await readdir(folder, { withFileTypes: true });
    const links = entries.map(async entry => {
      const name = join(own, entry.name);
      if (entry.isSymbolicLink()) return [name];
      if (entry.isDirectory()) return isIgnored(entry.name) ? [] : walkBelow(join(folder, entry.name), name);
      if (entry.isFile() && filename.test(entry.name)) files.set(join(folder, entry.name), name);
      return [];
    });
    return (await Promise.all(links)).flat().sort();
  }

  async function walkBelow(folder: string, own: string): Promise<string[]> {
    try {
      return await walk(folder, own);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return [];
      leftOut.set(own, `it can't be read: ${message}`);
      for (const [content, file] of known) if (file.startsWith(own + sep)) files.set(content, file);
      return [];
    }
  }

  async function follow(link: string): Promise<string[]> {
    // A link that leads nowhere or in circles has no content that could be missed.
    const target = await stat(link).catch(() => undefined);
    const isWanted = target?.isDirectory()
      ? !isIgnored(basename(link))
      : target?.isFile() && filename.test(basename(link));
    if (!target || !isWanted) return [];
    if (!isChildPath(path, link)) {
      leftOut.set(link, `it is a link that leads out of the folder ${path}`);
      return [];
    }
    const content = await realpath(link);
    if (target.isDirectory()) return walkBelow(content, link);
    enter(dirname(content));
    if (!files.has(content)) files.set(content, link);
    return [];
  }

  enter(dirname(path));
  // The array grows while it is iterated, by the links in folders that links lead to.
  const links = await walk(await realpath(path), path);
  for (const link of links) links.push(...(await follow(link)));
  return { files, leftOut };
}

function isIgnored(folder: string): boolean {
  return folder.startsWith('.') || folder === 'node_modules';
}
