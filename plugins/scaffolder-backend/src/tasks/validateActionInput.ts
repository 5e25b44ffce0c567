// Validates the input of a step against the schema of its action.
import { InputError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { ActionJsonSchema, TemplateAction } from '@greenroom/plugin-scaffolder-node';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { loadAjv } from '../loadAjv';

// By schema, so that each is compiled only once. Weak, so that a backend's validators are freed along with its actions.
const validators = new WeakMap<ActionJsonSchema, ValidateFunction>();

/** The input of a step does not match the schema of its action. */
class ActionInputError extends InputError {
  readonly code = 'GR_SCAFFOLDER_ACTION_INPUT';

  constructor(step: { id: string; action: string }, problems: readonly string[]) {
    super(`The input of step '${step.id}' does not fit its action '${step.action}': ${problems.join('; ')}`);
  }
}

/** Returns the input with defaults. Throws `ActionInputError` with the path of every invalid value. */
export function validateActionInput(
  action: TemplateAction,
  step: { id: string; action: string },
  input: JsonObject,
): JsonObject {
  const schema = action.schema?.input;
  if (!schema) return input;
  let validate = validators.get(schema);
  if (!validate) {
    // What libraries write for other drafts is close enough.
    const { $schema: _draft, ...rest } = schema;
    validate = loadAjv().compile(rest);
    // Otherwise it is kept for good, and no other action could have a schema of the same `$id`.
    loadAjv().removeSchema(rest);
    validators.set(schema, validate);
  }
  if (validate(input)) return input;
  throw new ActionInputError(step, describe(validate.errors ?? []));
}

function describe(errors: readonly ErrorObject[]): string[] {
  const problems = errors.map(({ instancePath, keyword, message, params }) => {
    const path = ['input', ...instancePath.split('/').slice(1)].join('.');
    if (keyword === 'additionalProperties') {
      return `${path} has an unknown field '${(params as { additionalProperty: string }).additionalProperty}'`;
    }
    if (keyword === 'enum') {
      return `${path} must be one of ${(params as { allowedValues: unknown[] }).allowedValues.map(value => JSON.stringify(value)).join(', ')}`;
    }
    return `${path} ${message}`;
  });
  return [...new Set(problems)];
}
