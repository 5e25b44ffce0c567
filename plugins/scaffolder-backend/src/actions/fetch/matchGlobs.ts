// Matches paths against globs with a time limit, because some globs take practically forever on some names.
import { runInNewContext } from 'node:vm';
import { InputError } from '@backstage/errors';
import picomatch from 'picomatch';

const longestMs = 1_000;
const program = 'paths.filter(path => patterns.some(pattern => pattern.test(path)))';

/** The `paths` that match or equal one of `globs`. Throws `InputError` if matching takes too long. */
export function matchGlobs(globs: readonly string[], paths: readonly string[]): Set<string> {
  const found = new Set(paths.filter(path => globs.includes(path)));
  if (globs.length === 0) return found;
  const patterns = globs.map(glob => picomatch.makeRe(glob, { dot: true }));
  try {
    const matching: string[] = runInNewContext(program, { patterns, paths }, { timeout: longestMs });
    return new Set([...found, ...matching]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new InputError(
      `It takes longer than ${longestMs} ms to match ${globs.join(', ')} with the names of the files. Use fewer wildcards.`,
    );
  }
}
