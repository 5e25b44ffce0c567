// Writes what a template was rendered into, with the permissions of the template.
import { chmod, lstat, writeFile } from 'node:fs/promises';

/** Where the text is from, and whether there may be another file in its place. */
export interface RenderedFrom {
  readonly source: string;
  readonly mayExist?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** New files have the permissions of `source` as far as the process may give them, replaced ones in any case. */
export async function writeRendered(
  target: string,
  text: string,
  { source, mayExist, signal }: RenderedFrom,
): Promise<void> {
  const mode = (await lstat(source)).mode & 0o777;
  await writeFile(target, text, { mode, signal });
  if (mayExist) await chmod(target, mode);
}
