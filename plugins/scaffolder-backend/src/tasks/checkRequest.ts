// Validates a request for a new task against its template.
import { InputError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { TaskSecrets } from '@greenroom/plugin-scaffolder-node';
import type { TemplateRenderer } from '../templates/TemplateRenderer';
import type { TemplateSpec } from '../templates/TemplateSpec';
import { type ParameterError, validateParameters, validateSecrets } from '../templates/validateParameters';

/** The values or secrets do not fit the template. Contains all problems, with the paths of the values. */
class RequestValuesError extends InputError {
  readonly code = 'GR_SCAFFOLDER_VALUES';
  readonly errors: ReadonlyArray<Omit<ParameterError, 'page'> & { page?: number }>;

  constructor(what: 'values' | 'secrets', errors: RequestValuesError['errors']) {
    const problems = errors.map(({ path, message }) => `${[what, ...path].join('.')} ${message}`);
    super(`The ${what} do not fit the template: ${problems.join('; ')}`);
    this.errors = errors;
  }
}

/** Returns the values with the defaults of the form. Throws `RequestValuesError` with all problems. */
export async function checkRequest(
  template: TemplateSpec,
  request: { values: JsonObject; secrets: TaskSecrets },
  renderer: TemplateRenderer,
): Promise<JsonObject> {
  const secretErrors = await validateSecrets(template, request.secrets, { renderer });
  if (secretErrors.length > 0) throw new RequestValuesError('secrets', secretErrors);
  const { values, errors } = await validateParameters(template, request.values, { renderer });
  if (errors.length > 0) throw new RequestValuesError('values', errors);
  return values;
}
