// Archives the files of a workspace, and restores them.
import { lstatSync, type Stats } from 'node:fs';
import { lstat, mkdir, readdir, symlink, unlink } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import { InputError } from '@backstage/errors';
import { isChildPath } from '@greenroom/backend-plugin-api';
import type { ReadEntry } from 'tar';
import { hidePlaces } from './hidePlaces';

/** The state of a workspace, from file metadata alone. */
export interface WorkspaceState {
  /** Changes when a file is added, removed or written. Empty for an empty workspace. */
  readonly fingerprint: string;
  /** The total size of all files. */
  readonly bytes: number;
  /** The number of files and folders. */
  readonly entries: number;
}

/** For up to this many entries, synchronous file operations are faster than those of the thread pool. */
export const FEW_ENTRIES = 32;
const FEW_BYTES = 256 * 1024;

const gzipAside = promisify(gzip);

/** Stats every file, but reads none. Throws `InputError` if one has a name that can't be stored. */
export async function inspectWorkspace(folder: string): Promise<WorkspaceState> {
  const parts: string[] = [];
  let bytes = 0;
  async function inspect(path: string): Promise<void> {
    const names = (await readdir(join(folder, path))).sort();
    for (const name of names) {
      const child = join(path, name);
      const place = join(folder, child);
      let stats: Stats;
      try {
        stats = names.length <= FEW_ENTRIES ? lstatSync(place) : await lstat(place);
      } catch (error) {
        // Node has this sign for each byte that is not UTF-8, and then can't find the file.
        if (!name.includes('\ufffd')) throw error;
        throw new InputError(
          `The workspace can't be kept with '${child}', whose name is not UTF-8: rename or delete it in the step that makes it`,
        );
      }
      if (stats.isDirectory()) {
        parts.push(`${child}/ ${stats.mode}`);
        await inspect(child);
      } else {
        bytes += stats.size;
        parts.push(`${child} ${stats.mode} ${stats.size} ${stats.mtimeMs} ${stats.ino}`);
      }
    }
  }
  await inspect('');
  return { fingerprint: parts.join('\n'), bytes, entries: parts.length };
}

/** Returns a compressed tar archive of the folder, which is in the given state. */
export async function archiveWorkspace(
  folder: string,
  { entries, bytes }: Pick<WorkspaceState, 'entries' | 'bytes'>,
): Promise<Buffer> {
  const { create } = await import('tar');
  // Compressed in one go, because compressing the library's many small chunks takes several times as long.
  const fast = { level: 1 };
  const options = { cwd: folder, filter: isArchived };
  return entries <= FEW_ENTRIES && bytes <= FEW_BYTES
    ? gzipSync(create({ ...options, sync: true }, ['.']).read()!, fast)
    : gzipAside(await buffer(create(options, ['.'])), fast);
}

/** Without this, the library would never come to an end where there is anything else, such as the socket of an agent. */
function isArchived(_path: string, found: object): boolean {
  const stats = found as Stats;
  return stats.isFile() || stats.isDirectory() || stats.isSymbolicLink();
}

/**
 * Fills the folder, which is empty or missing, with the content of the archive. Returns the paths of the symbolic links
 * that lead out of it or can't be followed, which are left out. Throws if anything else can't be restored, such as a file
 * for which the disk has no space.
 */
export async function restoreWorkspace(folder: string, archive: Buffer): Promise<string[]> {
  const { extract } = await import('tar');
  await mkdir(folder, { recursive: true });
  const links: Array<[path: string, destination: string]> = [];
  const failures: string[] = [];
  const extraction = extract({
    cwd: folder,
    preserveOwner: false,
    // The library makes no links that lead through others, and changes some.
    filter(path, found) {
      const { type, linkpath } = found as ReadEntry;
      if (type === 'SymbolicLink') links.push([path, linkpath!]);
      return type !== 'SymbolicLink';
    },
    // It goes on without what it can't write.
    onwarn: (_code, message) => failures.push(String(message)),
  });
  let escapes: string[];
  try {
    await pipeline(Readable.from([archive]), extraction);
    if (failures.length > 0) throw new Error(failures[0]);
    // Last, so that nothing is written through one.
    for (const [path, destination] of links) await symlink(destination, join(folder, path));
    const paths = links.map(([path]) => path);
    // Only now, as one may lead out through others.
    escapes = paths.filter(path => !isChildPath(folder, join(folder, path)));
    for (const path of escapes) await unlink(join(folder, path));
  } catch (error) {
    hidePlaces(error, folder);
    throw error;
  }
  return escapes.map(path => normalize(path));
}
