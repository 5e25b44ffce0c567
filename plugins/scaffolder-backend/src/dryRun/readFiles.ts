// Reads the files of a folder in the format that the API returns.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { ScaffolderFile } from '@greenroom/plugin-scaffolder-node';

/** Sorted by path. Links are left out, because they may lead anywhere. */
export async function readFiles(folder: string): Promise<ScaffolderFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  const files: ScaffolderFile[] = [];
  for (const path of paths) {
    const [content, { mode }] = await Promise.all([readFile(path), stat(path)]);
    files.push({
      path: path.slice(folder.length + 1).replaceAll(sep, '/'),
      base64Content: content.toString('base64'),
      ...((mode & 0o100) !== 0 && { executable: true }),
    });
  }
  return files;
}
