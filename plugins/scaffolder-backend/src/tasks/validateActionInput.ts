// Checks what a step gives to its action against the action's schema.
import { InputError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { ActionJsonSchema, TemplateAction } from '@greenroom/plugin-scaffolder-node';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { loadAjv } from '../loadAjv';

// By schema, so that an action's is compiled once; with the backend, the actions go and so do these.
const validators = new WeakMap<ActionJsonSchema, ValidateFunction>();

/** The input of a step is not what its action takes. */
export class ActionInputError extends InputError {
  readonly code = 'GR_SCAFFOLDER_ACTION_INPUT';

  constructor(step: { id: string; action: string }, problems: readonly string[]) {
    super(`The input of step '${step.id}' does not fit its action '${step.action}': ${problems.join('; ')}`);
  }
}

/** The input with defaults filled in. Throws `ActionInputError` with the path of each value that does not fit. */
export function validateActionInput(
  action: TemplateAction,
  step: { id: string; action: string },
  input: JsonObject,
): JsonObject {
  const schema = action.schema?.input;
  if (!schema) return input;
  let validate = validators.get(schema);
  if (!validate) {
    validate = loadAjv().compile(schema);
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
