// Checks what a step gives its action against the schema of the action.
import { InputError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { TemplateAction } from '@greenroom/plugin-scaffolder-node';
import type { ErrorObject, ValidateFunction } from 'ajv';

/** Unlike the schema of a form, that of an action comes from whoever runs the backend, so it is compiled here. */
const validators = new WeakMap<object, ValidateFunction>();

/**
 * The input with the defaults of the schema filled in.
 *
 * @throws InputError that says what is wrong, each with the path of the field.
 */
export async function validateActionInput(
  action: Pick<TemplateAction, 'id' | 'schema'>,
  input: JsonObject,
): Promise<JsonObject> {
  const schema = action.schema?.input;
  if (!schema) return input;
  let validate = validators.get(schema);
  if (!validate) {
    const { Ajv } = await import('ajv');
    const { $schema: _draft, $id: _id, ...rest } = schema;
    validate = new Ajv({ allErrors: true, strict: false, useDefaults: true, logger: false }).compile(rest);
    validators.set(schema, validate);
  }
  const filled = structuredClone(input);
  if (validate(filled)) return filled;
  const problems = [...new Set((validate.errors ?? []).map(describe))];
  throw new InputError(
    `The input of the action '${action.id}' does not fit: ${problems.join('; ')}. Correct it in the step.`,
  );
}

function describe({ instancePath, keyword, params, message }: ErrorObject): string {
  const path = ['input', ...instancePath.split('/').slice(1)].join('.');
  if (keyword === 'required') return `${path}.${params.missingProperty} is missing`;
  if (keyword === 'additionalProperties') return `${path}.${params.additionalProperty} is not known`;
  return `${path} ${message}`;
}
