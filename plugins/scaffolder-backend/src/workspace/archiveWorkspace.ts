// Packs the files of a workspace, and unpacks them again.
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

/** What a workspace looks like from outside. */
export interface WorkspaceState {
  /** Differs when a file was added, removed or written. Empty for an empty workspace. */
  readonly fingerprint: string;
  /** Of all files together. */
  readonly bytes: number;
}

/** Looks at every file, but into none. */
export async function inspectWorkspace(folder: string): Promise<WorkspaceState> {
  const parts: string[] = [];
  let bytes = 0;
  async function inspect(path: string): Promise<void> {
    for (const name of (await readdir(join(folder, path))).sort()) {
      const child = join(path, name);
      const stats = await lstat(join(folder, child));
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
  return { fingerprint: parts.join('\n'), bytes };
}

/** A compressed tar archive of the folder's content. */
export async function archiveWorkspace(folder: string): Promise<Buffer> {
  const { create } = await import('tar');
  return buffer(create({ cwd: folder, gzip: { level: 1 }, portable: false }, ['.']));
}

/** Makes the folder anew, with what the archive has. */
export async function restoreWorkspace(folder: string, archive: Buffer): Promise<void> {
  const { extract } = await import('tar');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await pipeline(Readable.from([archive]), extract({ cwd: folder, preserveOwner: false }));
}
