// Creates globals with a description and schema.
import type { JsonValue } from '@backstage/types';
import type { z } from 'zod/v3';
import type { ZodFunctionSchema } from './createTemplateFilter';
import type { TemplateFunctionExample } from './TemplateFunction';

/**
 * A value that templates use by its id.
 *
 * @public
 */
export type CreatedTemplateGlobalValue<T extends JsonValue = JsonValue> = {
  id: string;
  value: T;
  description?: string;
};

/**
 * A function that templates call by its id.
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
 * Either of them.
 *
 * @public
 */
// oxlint-disable-next-line typescript/no-explicit-any
export type CreatedTemplateGlobal = CreatedTemplateGlobalValue | CreatedTemplateGlobalFunction<any, any>;

/**
 * Makes a value that describes itself.
 *
 * @public
 */
export function createTemplateGlobalValue(global: CreatedTemplateGlobalValue): CreatedTemplateGlobalValue {
  return global;
}

/**
 * Makes a function that describes itself, with types that follow from its schema.
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
