// The error that lists everything that is wrong with the configuration.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';
import { type ConfigProblem, describeProblem } from './ConfigPlace';

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
