// Lists what is below a folder.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A file, folder or link. */
export interface ListedFile {
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly absolutePath: string;
  readonly kind: 'file' | 'folder' | 'link';
}

/** Folders before what they hold, by name; `.git` is left out, and links are not followed. */
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
