// Matches paths with a glob that anybody may have written, within a time limit.
import { createContext, Script, type Context } from 'node:vm';
import { InputError } from '@backstage/errors';

/** Milliseconds of processor time for one path, for all slow paths together, and above which a path is slow. */
const longest = 100;
const longestInAll = 1_000;
const moment = 1;

const test = new Script('pattern.test(path)');

/**
 * Creates a predicate for paths. Some globs would take practically forever with some names, and the backend could do
 * nothing else meanwhile.
 *
 * @throws InputError when it takes too long.
 */
export function matchWithinTime(pattern: RegExp, glob: string): (path: string) => boolean {
  const harmless = isHarmless(glob);
  let context: Context | undefined;
  let left = longestInAll;
  return path => {
    // A file name may itself look like a glob.
    if (path === glob) return true;
    if (harmless && path.length < 1_000) return pattern.test(path);
    context ??= createContext({ pattern });
    context.path = path;
    const most = Math.max(moment, Math.min(longest, Math.floor(left)));
    const begin = processorTime();
    try {
      // A machine may leave this process hardly any time, so the time that has passed says nothing of the pattern.
      for (let timeout = most; ; timeout *= 2) {
        try {
          return test.runInContext(context, { timeout }) as boolean;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
          if (processorTime() - begin >= most) {
            throw new InputError(`The pattern '${glob}' takes too long to be matched. Use fewer wildcards.`);
          }
        }
      }
    } finally {
      left -= Math.max(0, processorTime() - begin - moment);
    }
  };
}

/** Whether there are few ways to match a path. This is true of most globs, and limiting the time costs more than matching. */
function isHarmless(glob: string): boolean {
  const count = (sign: RegExp) => glob.match(sign)?.length ?? 0;
  return !/[()[\]+]/.test(glob) && count(/\*+/g) <= 2 && count(/\{/g) <= 2;
}

/** Milliseconds that this process, with all its threads, has used so far. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
