// The error for values or secrets that a template does not take.
import { InputError } from '@backstage/errors';
import type { ParameterError } from '../templates/validateParameters';

/** Has every problem, with the path of the value. */
export class RequestValuesError extends InputError {
  readonly code = 'GR_SCAFFOLDER_VALUES';
  readonly errors: ReadonlyArray<Omit<ParameterError, 'page'> & { page?: number }>;

  constructor(what: 'values' | 'secrets', errors: RequestValuesError['errors']) {
    const problems = errors.map(({ path, message }) => `${[what, ...path].join('.')} ${message}`);
    super(`The ${what} do not fit the template: ${problems.join('; ')}`);
    this.errors = errors;
  }
}
