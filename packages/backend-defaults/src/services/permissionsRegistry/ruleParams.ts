// Validates and describes the parameters of permission rules, for all supported kinds of schemas.
import { InputError } from '@backstage/errors';
import type { MetadataResponseSerializedRule } from '@backstage/plugin-permission-common';
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import type { z } from 'zod/v3';
import type { PermissionRule } from '@greenroom/backend-plugin-api';
import { wordIssues } from '../../wordIssues';

/** A rule whose resources and parameters only the plugin knows. */
export type AnyPermissionRule = PermissionRule<unknown, unknown, string>;

type ParamsSchema = NonNullable<AnyPermissionRule['paramsSchema']>;
type JsonSchema = NonNullable<MetadataResponseSerializedRule['paramsSchema']>;
type StandardSchema = StandardSchemaV1 & StandardJSONSchemaV1;

/** What is wrong with a schema, worded to continue a sentence; `undefined` if it is usable, or if there is none. */
export function problemOfParamsSchema(schema: unknown): string | undefined {
  if (schema === undefined || isStandard(schema as ParamsSchema) || isZod3(schema as ParamsSchema)) {
    return undefined;
  }
  const vendor = (schema as Partial<StandardSchema> | null)?.['~standard']?.vendor;
  return vendor
    ? `a schema of ${vendor} that does not convert to JSON Schema`
    : 'something that is not a schema';
}

/** Converts the schema to JSON Schema, draft 7. */
export async function toJsonSchema(schema: ParamsSchema): Promise<JsonSchema> {
  if (isStandard(schema)) {
    return schema['~standard'].jsonSchema.input({ target: 'draft-07' }) as JsonSchema;
  }
  const { zodToJsonSchema } = await import('zod-to-json-schema');
  return zodToJsonSchema(schema as never) as JsonSchema;
}

/** Returns the parameters as passed to the rule. Throws `InputError` that lists all problems. */
export function parseParams(rule: AnyPermissionRule, params: unknown = {}): never {
  const { name, paramsSchema } = rule;
  if (!paramsSchema) return params as never;
  if (!isStandard(paramsSchema)) {
    const outcome = (paramsSchema as z.ZodSchema).safeParse(params);
    if (!outcome.success) throw invalidParams(rule, outcome.error.issues);
    return outcome.data as never;
  }
  const outcome = paramsSchema['~standard'].validate(params);
  if (outcome instanceof Promise) {
    throw new TypeError(
      `The parameters of permission rule '${name}' are validated asynchronously, which rules can't wait for`,
    );
  }
  if (outcome.issues) throw invalidParams(rule, outcome.issues);
  return outcome.value as never;
}

function invalidParams(rule: AnyPermissionRule, issues: readonly StandardSchemaV1.Issue[]): InputError {
  return new InputError(
    `The parameters of permission rule '${rule.name}' for '${rule.resourceType}' are not valid: ${wordIssues(issues)}`,
  );
}

function isStandard(schema: ParamsSchema): schema is ParamsSchema & StandardSchema {
  return typeof (schema as Partial<StandardSchema> | null)?.['~standard']?.jsonSchema?.input === 'function';
}

// Older releases of zod 3 lack '~standard', so this checks what they can do.
function isZod3(schema: ParamsSchema): boolean {
  const { _def: definition, safeParse } = schema as Partial<z.ZodSchema>;
  return (
    typeof safeParse === 'function' && typeof (definition as { typeName?: unknown })?.typeName === 'string'
  );
}
