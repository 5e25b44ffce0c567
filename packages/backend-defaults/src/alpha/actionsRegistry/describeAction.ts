// Describes an action to potential callers, with its schemas as JSON Schemas.
import type { JsonObject } from '@backstage/types';
import type { ActionsRegistryActionOptions, ActionsServiceAction } from '@greenroom/backend-plugin-api/alpha';
import type { AnyZodObject } from 'zod/v3';

type JsonSchema = ActionsServiceAction['schema']['input'];

/** An action as registered, with any schema. */
export type RegisteredAction = Omit<
  ActionsRegistryActionOptions<AnyZodObject, AnyZodObject>,
  'schema' | 'action'
> & {
  id: string;
  pluginId: string;
  schema: { input: AnyZodObject; output: AnyZodObject; secrets?: AnyZodObject };
  action(context: object): Promise<{ output?: unknown } | void>;
};

/** Describes an action with all attributes. One that is not read-only counts as destructive by default. */
export async function describeAction(action: RegisteredAction): Promise<ActionsServiceAction> {
  const { id, pluginId, name, title, description, examples, schema } = action;
  const { readOnly = false, destructive = !readOnly, idempotent = false } = action.attributes ?? {};
  const { zodToJsonSchema } = await import('zod-to-json-schema');
  const toJsonSchema = (one: AnyZodObject) => zodToJsonSchema(one as never) as JsonSchema;
  return {
    id,
    pluginId,
    name,
    title,
    description,
    schema: {
      input: toJsonSchema(schema.input),
      output: toJsonSchema(schema.output),
      ...(schema.secrets && { secrets: toJsonSchema(schema.secrets) }),
    },
    ...(examples && {
      examples: examples.map(({ input, output, ...rest }) => ({
        ...rest,
        input: input as JsonObject,
        ...(output !== undefined && { output: output as JsonObject }),
      })),
    }),
    attributes: { readOnly, destructive, idempotent },
  };
}
