// Validates the values of a form against the pages of its template.
import type { JsonObject, JsonValue } from '@backstage/types';
import type { TemplateRenderer } from './TemplateRenderer';
import { pagesOf, type TemplateSpec } from './TemplateSpec';

/** A problem with a single value. */
export interface ParameterError {
  /** The path of the value in the form, such as `['database', 'size']`. */
  readonly path: readonly (string | number)[];
  /** The index of the page that defines it. */
  readonly page: number;
  /** Continues a sentence about the value: `must be a string`. */
  readonly message: string;
}

/** The values with the defaults of the form, and all problems with them. */
export interface ValidatedParameters {
  readonly values: JsonObject;
  readonly errors: readonly ParameterError[];
}

const maxDepth = 100;
const reservedNames = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Ignores pages whose `when` is false.
 *
 * @throws TemplateError if the form itself is invalid.
 */
export async function validateParameters(
  template: Pick<TemplateSpec, 'parameters'>,
  values: JsonObject,
  options: { renderer: TemplateRenderer },
): Promise<ValidatedParameters> {
  const unfit = findUnfitName(values, []);
  if (unfit) return { values, errors: [{ ...unfit, page: 0 }] };
  let filled = values;
  const errors: ParameterError[] = [];
  for (const [page, schema] of pagesOf(template).entries()) {
    const path = ['parameters', page];
    const context = { parameters: filled, steps: {} };
    if (!(await options.renderer.evaluateCondition(schema.when, context, [...path, 'when']))) continue;
    const result = await options.renderer.validate(schema, filled, path);
    filled = result.values;
    errors.push(...result.errors.map(error => ({ ...error, page })));
  }
  return { values: filled, errors };
}

/** Secrets have a schema of their own. Errors do not quote their values. */
export async function validateSecrets(
  template: Pick<TemplateSpec, 'secrets'>,
  secrets: { readonly [name: string]: string },
  options: { renderer: TemplateRenderer },
): Promise<readonly Omit<ParameterError, 'page'>[]> {
  const schema = template.secrets?.schema;
  if (!schema) return [];
  return (await options.renderer.validate(schema, secrets, ['secrets', 'schema'])).errors;
}

/** Finds names that no template could read, and excessive nesting. */
function findUnfitName(
  value: JsonValue | undefined,
  path: string[],
): Omit<ParameterError, 'page'> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (path.length > maxDepth)
    return { path: path.slice(0, 5), message: `is nested more than ${maxDepth} times` };
  for (const [name, item] of Object.entries(value)) {
    if (reservedNames.has(name)) return { path: [...path, name], message: 'has a name that is reserved' };
    const found = findUnfitName(item, [...path, name]);
    if (found) return found;
  }
  return undefined;
}
