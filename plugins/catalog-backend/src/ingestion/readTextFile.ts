// Reads one file as text, within limits.
import { readFile, stat } from 'node:fs/promises';

const MAX_BYTES = 10 * 1024 * 1024;

const REASONS: Record<string, string> = {
  ENOENT: 'the path leads nowhere: it is a broken symbolic link, or the file was just removed',
  EACCES: 'permission denied: the catalog may not read the file',
  EPERM: 'permission denied: the catalog may not read the file',
  ELOOP: 'the path is a loop of symbolic links',
};

/** The text without its byte order mark, or why there is none. */
export type ReadText = { readonly text: string } | { readonly reason: string };

/** Reads a UTF-8 text file of at most 10 MiB; never rejects. */
export async function readTextFile(path: string): Promise<ReadText> {
  try {
    // Looked at before it is opened: opening a named pipe would wait for a writer forever.
    const { size } = await statFile(path);
    if (size > MAX_BYTES) return tooLarge(size);
    const bytes = await readFile(path);
    // It may have grown in between.
    if (bytes.length > MAX_BYTES) return tooLarge(bytes.length);
    return decode(bytes);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    return { reason: REASONS[code] ?? `the file can't be read: ${(error as Error).message}` };
  }
}

async function statFile(path: string): Promise<{ size: number }> {
  const stats = await stat(path);
  if (stats.isDirectory()) throw new Error(`it is a directory; name its files, as in '${path}/*.yaml'`);
  if (!stats.isFile()) throw new Error('it is not a regular file');
  return stats;
}

function decode(bytes: Buffer): ReadText {
  if (bytes.includes(0)) return { reason: 'the file is binary, not text in UTF-8' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { reason: 'the file is not text in UTF-8' };
  }
}

function tooLarge(bytes: number): ReadText {
  const megabytes = (bytes / 1024 / 1024).toFixed(1);
  return {
    reason: `the file is too large: ${megabytes} MiB, at most ${MAX_BYTES / 1024 / 1024} MiB are read`,
  };
}
