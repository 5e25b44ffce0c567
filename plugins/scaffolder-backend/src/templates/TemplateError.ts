// The errors of templates that can't be rendered.
import { InputError } from '@backstage/errors';
import type { InterpreterFailure } from './interpreter/RenderRequest';

/** A template that is wrong, or that goes beyond what one may take. */
export class TemplateError extends InputError {
  /** `GR_TEMPLATE_LIMIT` where it took too much, else `GR_TEMPLATE_INVALID`. */
  readonly code: string;
  /** Where it stands: `steps.fetch.input.url`, or the path of a file. */
  readonly path: string;
  readonly line?: number;

  constructor(path: string, failure: InterpreterFailure) {
    const { line, column, limit } = failure;
    // The interpreter words the place as well, in various ways.
    const reason = failure.message
      .replace(/^Template error at line \d+, column \d+: /, '')
      .replace(/ at line \d+, column \d+$/, '');
    const place =
      line === undefined ? '' : `, line ${line}${column === undefined ? '' : `, column ${column}`}`;
    super(
      limit === undefined
        ? `The template at ${path}${place} can't be rendered: ${reason}. Correct it there.`
        : `The template at ${path}${place} was stopped: ${reason}. Let it do less there.`,
    );
    this.code = limit === undefined ? 'GR_TEMPLATE_INVALID' : 'GR_TEMPLATE_LIMIT';
    this.path = path;
    this.line = line;
  }
}
