// Creates the parameter schemas of permission rules from plain JSON schemas, compiled when a rule is first used.
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import type { ValidateFunction } from 'ajv';
import { loadAjv } from '../loadAjv';

/** The schema of an object with these fields. All of them are required except those in `optional`. */
export function ruleParams<T extends object>(
  properties: { readonly [name in keyof T]-?: object },
  options: { optional?: ReadonlyArray<keyof T> } = {},
): StandardSchemaV1<T> & StandardJSONSchemaV1<T> {
  const names = Object.keys(properties);
  const schema = {
    type: 'object',
    properties,
    required: names.filter(name => !options.optional?.includes(name as keyof T)),
    additionalProperties: false,
  };
  let compiled: ValidateFunction<T> | undefined;
  const toJson = () => ({ $schema: 'http://json-schema.org/draft-07/schema#', ...schema });
  return {
    '~standard': {
      version: 1,
      vendor: 'greenroom',
      validate(value) {
        const validate = (compiled ??= loadAjv().compile<T>(schema));
        if (validate(value)) return { value };
        const issues = (validate.errors ?? []).map(({ instancePath, message }) => ({
          message: message ?? 'is not valid',
          path: instancePath.split('/').slice(1),
        }));
        return { issues };
      },
      jsonSchema: { input: toJson, output: toJson },
    },
  };
}
