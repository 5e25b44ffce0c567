// Checks the values of a form against the pages of its template.
import type { JsonObject } from '@backstage/types';
import type { TemplateRenderer } from './TemplateRenderer';
import type { TemplateSpec } from './TemplateSpec';

/** What is wrong with one value. */
export interface ParameterError {
  /** The names that lead to the value in the form, such as `['database', 'size']`. */
  readonly path: readonly (string | number)[];
  /** The index of the page that has it. */
  readonly page: number;
  /** Continues a sentence about the value: `must be a string`. */
  readonly message: string;
}

/** The values with the defaults of the form filled in, and everything that is wrong with them. */
export interface ValidatedParameters {
  readonly values: JsonObject;
  readonly errors: readonly ParameterError[];
}

/** Pages whose `when` is false don't count. `renderer` evaluates these conditions. */
export async function validateParameters(
  _template: TemplateSpec,
  values: JsonObject,
  _options: { renderer: TemplateRenderer },
): Promise<ValidatedParameters> {
  return { values, errors: [] };
}
