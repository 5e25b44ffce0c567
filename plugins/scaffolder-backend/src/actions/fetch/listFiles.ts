// Lists everything below a folder.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A file, folder or symbolic link. */
export interface ListedFile {
  /** Relative to the listed folder, separated by slashes. */
  readonly path: string;
  readonly absolutePath: string;
  readonly kind: 'file' | 'folder' | 'link';
}

/** Sorted by name, folders before their contents. Skips `.git` and does not follow links. */
export async function listFiles(folder: string, signal?: AbortSignal): Promise<ListedFile[]> {
  const found: ListedFile[] = [];
  await walk(folder, '');
  return found;

  async function walk(directory: string, prefix: string): Promise<void> {
    signal?.throwIfAborted();
    const entries = await readdir(directory, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const absolutePath = join(directory, entry.name);
      const path = `${prefix}${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name === '.git') continue;
        found.push({ path, absolutePath, kind: 'folder' });
        await walk(absolutePath, `${path}/`);
      } else if (entry.isFile() || entry.isSymbolicLink()) {
        found.push({ path, absolutePath, kind: entry.isFile() ? 'file' : 'link' });
      }
    }
  }
}
