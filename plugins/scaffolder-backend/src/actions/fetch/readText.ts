// Reads files that are text, and tells them from others.
import { readFile } from 'node:fs/promises';

/** The content of a file; undefined if that is not text in UTF-8. */
export async function readText(path: string): Promise<string | undefined> {
  const content = await readFile(path);
  if (content.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}
