// Archives the files of a workspace, and restores them.
import { lstatSync, type Stats } from 'node:fs';
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join, normalize, posix, resolve, win32 } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import type { ReadEntry } from 'tar';

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

/** Stats every file, but reads none. */
export async function inspectWorkspace(folder: string): Promise<WorkspaceState> {
  const parts: string[] = [];
  let bytes = 0;
  async function inspect(path: string): Promise<void> {
    const names = (await readdir(join(folder, path))).sort();
    for (const name of names) {
      const child = join(path, name);
      const place = join(folder, child);
      const stats = names.length <= FEW_ENTRIES ? lstatSync(place) : await lstat(place);
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
 * Replaces the folder with the content of the archive. Returns the paths of the symbolic links that lead out of it,
 * which are left out. Throws if anything else can't be restored, such as a file for which the disk has no space.
 */
export async function restoreWorkspace(folder: string, archive: Buffer): Promise<string[]> {
  const { extract } = await import('tar');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const leftOut: string[] = [];
  const failures: string[] = [];
  const extraction = extract({
    cwd: folder,
    preserveOwner: false,
    filter(path, found) {
      const { type, linkpath } = found as ReadEntry;
      const isKept = type !== 'SymbolicLink' || !leadsOut(path, linkpath!);
      if (!isKept) leftOut.push(normalize(path));
      return isKept;
    },
    // It goes on without what it can't write.
    onwarn: (_code, message) => failures.push(String(message)),
  });
  await pipeline(Readable.from([archive]), extraction);
  // Users see the message.
  if (failures.length > 0) throw new Error(failures[0]!.replaceAll(resolve(folder), '.'));
  return leftOut;
}

/** The library would turn an absolute link, or what is one on Windows, into a relative one. */
function leadsOut(path: string, linkpath: string): boolean {
  return win32.parse(linkpath).root !== '' || /^\.\.(\/|$)/.test(posix.join(posix.dirname(path), linkpath));
}
