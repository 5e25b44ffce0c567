// The error that lists everything that is wrong with the configuration.
import { isAbsolute, relative } from 'node:path';
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** One thing that is wrong, and where. */
export interface ConfigProblem {
  /** Absolute path of the file; missing where the problem is in an argument or in the environment. */
  readonly file?: string;
  /** Begins at 1. */
  readonly line?: number;
  /** Begins at 1. */
  readonly column?: number;
  /** What is wrong and what to do about it: whole sentences. */
  readonly message: string;
}

/**
 * The configuration could not be loaded; the message has one line a problem, over all files.
 *
 * @public
 */
export class ConfigLoadError extends GreenroomError {
  /** Every problem, in the order of the files. */
  readonly problems: readonly ConfigProblem[];

  /** `cwd` is what the files are shown relative to. */
  constructor(problems: readonly ConfigProblem[], cwd: string = process.cwd()) {
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
    const lines = problems.map(problem => `\n  ${describeProblem(problem, cwd)}`);
    super({ code: 'GR_CONFIG_INVALID', message: `The configuration has ${count}:${lines.join('')}` });
    Object.defineProperty(this, 'name', { value: 'ConfigLoadError', configurable: true, writable: true });
    this.problems = problems;
  }
}

function describeProblem({ file, line, column, message }: ConfigProblem, cwd: string): string {
  if (!file) return message;
  const position = [displayPath(file, cwd), line, column].filter(part => part !== undefined).join(':');
  return `${position}  ${message}`;
}

/** The path of a file as people would type it in `cwd`: relative where it lies below, absolute elsewhere. */
export function displayPath(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? file : path;
}
