// Checks and describes the parameters of permission rules, whichever kind of schema they come with.
import { InputError } from '@backstage/errors';
import type { MetadataResponseSerializedRule } from '@backstage/plugin-permission-common';
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import type { z } from 'zod/v3';
import type { PermissionRule } from '@greenroom/backend-plugin-api';

/** A rule whose resources and parameters are known to the plugin only. */
export type AnyPermissionRule = PermissionRule<unknown, unknown, string>;

type ParamsSchema = NonNullable<AnyPermissionRule['paramsSchema']>;
type JsonSchema = NonNullable<MetadataResponseSerializedRule['paramsSchema']>;
type StandardSchema = StandardSchemaV1 & StandardJSONSchemaV1;

/** What is wrong with a schema, continuing a sentence; `undefined` where there is none, or it can be used. */
export function problemOfParamsSchema(schema: unknown): string | undefined {
  if (schema === undefined || isStandard(schema as ParamsSchema) || isZod3(schema as ParamsSchema)) {
    return undefined;
  }
  const vendor = (schema as Partial<StandardSchema> | null)?.['~standard']?.vendor;
  return vendor
    ? `a schema of ${vendor} that does not convert to JSON Schema`
    : 'something that is no schema';
}

/** The schema as JSON Schema, draft 7. */
export async function toJsonSchema(schema: ParamsSchema): Promise<JsonSchema> {
  if (isStandard(schema)) {
    return schema['~standard'].jsonSchema.input({ target: 'draft-07' }) as JsonSchema;
  }
  const { zodToJsonSchema } = await import('zod-to-json-schema');
  return zodToJsonSchema(schema as never) as JsonSchema;
}

/** The parameters as the rule gets them. Throws `InputError` with each problem. */
export function parseParams(rule: AnyPermissionRule, params: unknown): never {
  const { paramsSchema } = rule;
  if (!paramsSchema) {
    return (params ?? {}) as never;
  }
  if (isStandard(paramsSchema)) {
    const outcome = paramsSchema['~standard'].validate(params ?? {});
    if (outcome instanceof Promise) {
      throw new TypeError(
        `The parameters of permission rule '${rule.name}' are validated asynchronously, which rules can't wait for`,
      );
    }
    if (outcome.issues) {
      throw invalidParams(rule, outcome.issues);
    }
    return outcome.value as never;
  }
  const outcome = (paramsSchema as z.ZodSchema).safeParse(params ?? {});
  if (!outcome.success) {
    throw invalidParams(rule, outcome.error.issues);
  }
  return outcome.data as never;
}

function invalidParams(rule: AnyPermissionRule, issues: readonly StandardSchemaV1.Issue[]): InputError {
  const problems = issues.map(({ path = [], message }) => {
    const keys = path.map(part => String(typeof part === 'object' ? part.key : part));
    return [keys.join('.'), message].filter(Boolean).join(': ');
  });
  return new InputError(
    `The parameters of permission rule '${rule.name}' for '${rule.resourceType}' are not valid: ${problems.join('; ')}`,
  );
}

function isStandard(schema: ParamsSchema): schema is ParamsSchema & StandardSchema {
  return typeof (schema as Partial<StandardSchema> | null)?.['~standard']?.jsonSchema?.input === 'function';
}

// Older releases of zod 3 have no '~standard' at all, so what they can do is what tells.
function isZod3(schema: ParamsSchema): boolean {
  const { _def: definition, safeParse } = schema as Partial<z.ZodSchema>;
  return (
    typeof safeParse === 'function' && typeof (definition as { typeName?: unknown })?.typeName === 'string'
  );
}
