// Checks what a new task is made of against its template.
import type { JsonObject } from '@backstage/types';
import type { TaskSecrets } from '@greenroom/plugin-scaffolder-node';
import type { TemplateRenderer } from '../templates/TemplateRenderer';
import type { TemplateSpec } from '../templates/TemplateSpec';
import { validateParameters, validateSecrets } from '../templates/validateParameters';
import { RequestValuesError } from './RequestValuesError';

/** Gives the values with the defaults of the form. Throws `RequestValuesError` with everything that is wrong. */
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
