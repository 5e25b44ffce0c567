// Writes a rendered template with the file permissions of its source.
import { chmod, lstat, writeFile } from 'node:fs/promises';

/** Where the text comes from, and whether it may replace an existing file. */
export interface RenderedFrom {
  readonly source: string;
  readonly mayExist?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A new file gets the permissions of `source` as far as the umask allows, a replaced one gets them unconditionally. */
export async function writeRendered(
  target: string,
  text: string,
  { source, mayExist, signal }: RenderedFrom,
): Promise<void> {
  const mode = (await lstat(source)).mode & 0o777;
  await writeFile(target, text, { mode, signal });
  if (mayExist) await chmod(target, mode);
}
