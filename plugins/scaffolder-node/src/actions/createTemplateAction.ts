// Creates actions, with types inferred from their schemas.
import type { Expand, JsonObject } from '@backstage/types';
import type { z } from 'zod/v3';
import type { ActionContext } from './ActionContext';
import { toJsonSchema } from './toJsonSchema';
import type { ActionJsonSchema, TemplateAction, TemplateExample } from './TemplateAction';

/**
 * A zod schema: either one function for the whole schema, or one per field.
 *
 * @public
 */
export type ActionZodSchema =
  { [key in string]: (zImpl: typeof z) => z.ZodType } | ((zImpl: typeof z) => z.ZodType);

/**
 * Options of {@link createTemplateAction}.
 *
 * @public
 */
export type TemplateActionOptions<
  // oxlint-disable-next-line typescript/no-empty-object-type -- as the published type has it
  TActionInput extends JsonObject = {},
  // oxlint-disable-next-line typescript/no-empty-object-type
  TActionOutput extends JsonObject = {},
  TInputSchema extends ActionZodSchema = { [key in string]: (zImpl: typeof z) => z.ZodType },
  TOutputSchema extends ActionZodSchema = { [key in string]: (zImpl: typeof z) => z.ZodType },
  TSchemaType extends 'v2' = 'v2',
> = {
  /** The name that steps refer to it by, unique in the scaffolder. By convention `word:word` in lower case. */
  id: string;
  description?: string;
  examples?: TemplateExample[];
  /** Whether the action runs in dry runs, see {@link TemplateAction}. Defaults to `false`. */
  supportsDryRun?: boolean;
  schema?: {
    input?: TInputSchema;
    output?: TOutputSchema;
  };
  handler: (ctx: ActionContext<TActionInput, TActionOutput, TSchemaType>) => Promise<void>;
};

/**
 * Options of {@link createTemplateAction} with plain JSON schemas.
 *
 * @public
 */
export type JsonSchemaActionOptions<
  TActionInput extends JsonObject = JsonObject,
  TActionOutput extends JsonObject = JsonObject,
> = Omit<TemplateActionOptions<TActionInput, TActionOutput>, 'schema'> & {
  schema?: { input?: ActionJsonSchema; output?: ActionJsonSchema };
};

/** @ignore */
export type FlattenOptionalProperties<T extends { [key in string]: unknown }> = Expand<
  { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
    [K in keyof T as undefined extends T[K] ? K : never]?: T[K];
  }
>;

/** @ignore */
export type InferActionSchema<TSchema> = TSchema extends {
  [key in string]: (zImpl: typeof z) => z.ZodType;
}
  ? { [key in keyof TSchema]: z.output<ReturnType<TSchema[key]>> }
  : TSchema extends (zImpl: typeof z) => z.ZodType
    ? z.output<ReturnType<TSchema>>
    : never;

/**
 * Creates an action with zod schemas (version 3), from which `ctx.input` and `ctx.output` get their types.
 *
 * @example
 * ```ts
 * const greet = createTemplateAction({
 *   id: 'greet',
 *   schema: {
 *     input: { name: z => z.string().describe('Whom to greet') },
 *     output: { greeting: z => z.string() },
 *   },
 *   async handler(ctx) {
 *     ctx.output('greeting', `Good evening, ${ctx.input.name}`);
 *   },
 * });
 * ```
 *
 * @public
 */
export function createTemplateAction<
  TInputSchema extends ActionZodSchema,
  TOutputSchema extends ActionZodSchema,
>(
  action: TemplateActionOptions<
    InferActionSchema<TInputSchema>,
    InferActionSchema<TOutputSchema>,
    TInputSchema,
    TOutputSchema,
    'v2'
  >,
): TemplateAction<
  FlattenOptionalProperties<InferActionSchema<TInputSchema>>,
  FlattenOptionalProperties<InferActionSchema<TOutputSchema>>,
  'v2'
>;
/**
 * Creates an action with plain JSON schemas. The types of its input and output are given by hand.
 *
 * @public
 */
export function createTemplateAction<
  TActionInput extends JsonObject = JsonObject,
  TActionOutput extends JsonObject = JsonObject,
>(action: JsonSchemaActionOptions<TActionInput, TActionOutput>): TemplateAction<TActionInput, TActionOutput>;
export function createTemplateAction(
  action: Omit<TemplateAction, 'schema'> & {
    schema?: { input?: ActionZodSchema | ActionJsonSchema; output?: ActionZodSchema | ActionJsonSchema };
  },
): TemplateAction {
  const { schema, ...rest } = action;
  if (!schema) return rest;
  let made: TemplateAction['schema'];
  return {
    ...rest,
    // Converted on demand, so that zod is only loaded if actions are listed or one with such a schema runs.
    get schema() {
      return (made ??= {
        ...(schema.input && { input: toJsonSchema(schema.input) }),
        ...(schema.output && { output: toJsonSchema(schema.output) }),
      });
    },
  };
}
