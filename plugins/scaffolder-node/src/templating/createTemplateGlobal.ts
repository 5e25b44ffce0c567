// Creates globals with a description and schema.
import type { JsonValue } from '@backstage/types';
import type { z } from 'zod/v3';
import type { ZodFunctionSchema } from './createTemplateFilter';
import type { TemplateFunctionExample } from './TemplateFunction';

/**
 * A value that templates use by its ID.
 *
 * @public
 */
export type CreatedTemplateGlobalValue<T extends JsonValue = JsonValue> = {
  id: string;
  value: T;
  description?: string;
};

/**
 * A function that templates call by its ID.
 *
 * @public
 */
export type CreatedTemplateGlobalFunction<
  TFunctionArgs extends [z.ZodTypeAny, ...z.ZodTypeAny[]],
  TReturnType extends z.ZodTypeAny,
> = {
  id: string;
  description?: string;
  examples?: TemplateFunctionExample[];
  schema?: ZodFunctionSchema<TFunctionArgs, TReturnType>;
  fn: (...args: z.infer<z.ZodTuple<TFunctionArgs>>) => z.infer<TReturnType>;
};

/**
 * A value or a function for templates.
 *
 * @public
 */
// oxlint-disable-next-line typescript/no-explicit-any
export type CreatedTemplateGlobal = CreatedTemplateGlobalValue | CreatedTemplateGlobalFunction<any, any>;

/**
 * Creates a value with a description.
 *
 * @public
 */
export function createTemplateGlobalValue(global: CreatedTemplateGlobalValue): CreatedTemplateGlobalValue {
  return global;
}

/**
 * Creates a function with a description. Its types are inferred from its schema.
 *
 * @public
 */
export function createTemplateGlobalFunction<
  TFunctionArgs extends [z.ZodTypeAny, ...z.ZodTypeAny[]],
  TReturnType extends z.ZodTypeAny,
>(
  global: CreatedTemplateGlobalFunction<TFunctionArgs, TReturnType>,
): CreatedTemplateGlobalFunction<TFunctionArgs, TReturnType> {
  return global;
}
