// The error that lists everything that is wrong with the configuration.
import { isAbsolute, relative } from 'node:path';
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';
import type { ConfigPlace, ConfigProblem } from './ConfigPlace';

/**
 * The configuration could not be loaded. The message has one line per problem, across all files.
 *
 * @public
 */
export class ConfigLoadError extends GreenroomError {
  /** All problems, in the order of the message. */
  readonly problems: readonly ConfigProblem[];
  /** Absolute paths of all files that were read, and of those that would have been if they existed. */
  declare readonly files: ReadonlySet<string>;

  /** Paths of files are shown relative to `cwd`. */
  constructor(
    problems: readonly ConfigProblem[],
    cwd: string = process.cwd(),
    files: ReadonlySet<string> = new Set(),
  ) {
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
    const lines = problems.map(problem => `\n  ${describeProblem(problem, cwd)}`);
    super({ code: 'GR_CONFIG_INVALID', message: `The configuration has ${count}:${lines.join('')}` });
    this.problems = problems;
    // Not enumerable, to keep it out of the log.
    Object.defineProperty(this, 'files', { value: files });
  }
}

/** One line: the place, then the message. Files are shown relative to `cwd`. */
export function describeProblem({ message, ...place }: ConfigProblem, cwd: string): string {
  const where = describePlace(place, cwd);
  return where === '' ? message : `${where}  ${message}`;
}

/** `file:line:column`, followed by the variable if there is one, or only the variable. */
export function describePlace({ file, line, column, variable }: ConfigPlace, cwd: string): string {
  if (!file) return variable ?? '';
  const position = [displayPath(file, cwd), line, column].filter(part => part !== undefined).join(':');
  return variable === undefined ? position : `${position} (${variable})`;
}

/** The path of a file as one would type it in `cwd`: relative if the file is below `cwd`, otherwise absolute. */
export function displayPath(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? file : path;
}
