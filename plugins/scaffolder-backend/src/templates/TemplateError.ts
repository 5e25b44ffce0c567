// The error of a template that can't be rendered.
import { InputError } from '@backstage/errors';
import type { InterpreterFailure } from './interpreter/RenderRequest';

/** The template is invalid, or exceeds a limit. */
export class TemplateError extends InputError {
  /** `GR_TEMPLATE_LIMIT` if it exceeded a limit, otherwise `GR_TEMPLATE_INVALID`. */
  readonly code: string;
  /** The location of the template: `steps.fetch.input.url`, or the path of a file. */
  readonly path: string;
  readonly line?: number;

  constructor(path: string, failure: InterpreterFailure) {
    const { line, column, limit } = failure;
    // The interpreter also puts the position into the message, in various formats.
    const reason = failure.message
      .replace(/^Template error at line \d+, column \d+: /, '')
      .replace(/ at line \d+, column \d+$/, '')
      // It may end with a question, such as whether another name was meant.
      .replace(/(?<=[^.!?])$/, '.');
    const place =
      line === undefined ? '' : `, line ${line}${column === undefined ? '' : `, column ${column}`}`;
    super(
      limit === undefined
        ? `The template at ${path}${place} can't be rendered: ${reason} Correct it there.`
        : `The template at ${path}${place} was stopped: ${reason} Let it do less there.`,
    );
    this.code = limit === undefined ? 'GR_TEMPLATE_INVALID' : 'GR_TEMPLATE_LIMIT';
    this.path = path;
    this.line = line;
  }
}
