// Converts the zod schemas of an action to a JSON schema.
import { createRequire } from 'node:module';
import type { z } from 'zod/v3';
import type { ActionJsonSchema } from './TemplateAction';

type MakeSchema = (zImpl: typeof z) => z.ZodType;

/**
 * Returns JSON schemas unchanged. zod is loaded with the first schema that needs it, synchronously because schemas
 * are plain properties of an action.
 */
export function toJsonSchema(
  schema: MakeSchema | { [field: string]: MakeSchema } | ActionJsonSchema,
): ActionJsonSchema {
  const fields = typeof schema === 'function' ? [] : Object.entries(schema);
  if (typeof schema !== 'function' && !fields.every(([, make]) => typeof make === 'function')) return schema;

  const require = createRequire(__filename);
  const { z: zImpl } = require('zod/v3') as typeof import('zod/v3');
  const { zodToJsonSchema } = require('zod-to-json-schema') as typeof import('zod-to-json-schema');
  const whole =
    typeof schema === 'function'
      ? (schema as MakeSchema)(zImpl)
      : zImpl.object(Object.fromEntries(fields.map(([name, make]) => [name, (make as MakeSchema)(zImpl)])));
  return zodToJsonSchema(whole as never) as ActionJsonSchema;
}
