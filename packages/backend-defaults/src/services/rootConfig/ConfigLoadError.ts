// The error that lists everything that is wrong with the configuration.
import { isAbsolute, relative } from 'node:path';
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';
import type { ConfigPlace, ConfigProblem } from './ConfigPlace';

/**
 * The configuration could not be loaded; the message has one line a problem, over all files.
 *
 * @public
 */
export class ConfigLoadError extends GreenroomError {
  /** Every problem, in the order of the files. */
  readonly problems: readonly ConfigProblem[];
  /** Absolute paths of everything that was read, and of files that would be if they existed. */
  declare readonly files: ReadonlySet<string>;

  /** `cwd` is what the files are shown relative to. */
  constructor(
    problems: readonly ConfigProblem[],
    cwd: string = process.cwd(),
    files: ReadonlySet<string> = new Set(),
  ) {
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
    const lines = problems.map(problem => `\n  ${describeProblem(problem, cwd)}`);
    super({ code: 'GR_CONFIG_INVALID', message: `The configuration has ${count}:${lines.join('')}` });
    Object.defineProperty(this, 'name', { value: 'ConfigLoadError', configurable: true, writable: true });
    this.problems = problems;
    // Not for the log.
    Object.defineProperty(this, 'files', { value: files });
  }
}

/** One line: where, and what. Files are shown relative to `cwd`. */
export function describeProblem({ message, ...place }: ConfigProblem, cwd: string): string {
  const where = describePlace(place, cwd);
  return where === '' ? message : `${where}  ${message}`;
}

/** `file:line:column`, with the variable after it where one plays a part; or the variable alone. */
export function describePlace({ file, line, column, variable }: ConfigPlace, cwd: string): string {
  if (!file) return variable ?? '';
  const position = [displayPath(file, cwd), line, column].filter(part => part !== undefined).join(':');
  return variable === undefined ? position : `${position} (${variable})`;
}

/** The path of a file as people would type it in `cwd`: relative where it lies below, absolute elsewhere. */
export function displayPath(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? file : path;
}
