// Reads files up to a maximum size, and decodes text.
import { readFile, stat } from 'node:fs/promises';

/** The maximum size of a file. */
export const MAX_BYTES = 10 * 1024 * 1024;

const REASONS: Record<string, string> = {
  ENOENT: 'the path leads nowhere: it is a broken symbolic link, or the file was just removed',
  EACCES: 'permission denied: the catalog may not read the file',
  EPERM: 'permission denied: the catalog may not read the file',
  ELOOP: 'the path is a loop of symbolic links',
};

export type ReadBytes = { readonly bytes: Buffer } | { readonly reason: string };

/** Reads a file of at most 10 MiB. Never rejects. */
export async function readBytes(path: string): Promise<ReadBytes> {
  try {
    // Checked before opening, because opening a named pipe would wait for a writer forever.
    const { size } = await statFile(path);
    if (size > MAX_BYTES) return tooLarge(size);
    const bytes = await readFile(path);
    // It may have grown meanwhile.
    if (bytes.length > MAX_BYTES) return tooLarge(bytes.length);
    return { bytes };
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

/** The text without its byte order mark, or the reason why there is none. */
export type ReadText = { readonly text: string } | { readonly reason: string };

/** Decodes UTF-8. */
export function decodeText(bytes: Buffer): ReadText {
  if (bytes.includes(0)) return { reason: 'the file is binary, not text in UTF-8' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { reason: 'the file is not text in UTF-8' };
  }
}

/** The reason for refusing a file that is too large. */
export function tooLarge(bytes: number): { reason: string } {
  const megabytes = (bytes / 1024 / 1024).toFixed(1);
  return {
    reason: `the file is too large: ${megabytes} MiB, at most ${MAX_BYTES / 1024 / 1024} MiB are read`,
  };
}
