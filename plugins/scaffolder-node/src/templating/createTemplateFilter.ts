// Creates filters with a description and schema.
import type { z } from 'zod/v3';
import type { TemplateFunctionExample } from './TemplateFunction';

/**
 * Zod schemas (version 3) of the arguments and the result of a function.
 *
 * @public
 */
export type ZodFunctionSchema<
  TFunctionArgs extends [z.ZodTypeAny, ...z.ZodTypeAny[]],
  TReturnType extends z.ZodTypeAny,
> = (
  zod: typeof z,
) =>
  | z.ZodFunction<z.ZodTuple<TFunctionArgs, null>, TReturnType>
  | z.ZodType<(...args: z.infer<z.ZodTuple<TFunctionArgs>>) => z.infer<TReturnType>>;

/**
 * A filter with its description.
 *
 * @public
 */
export type CreatedTemplateFilter<
  TFunctionArgs extends [z.ZodTypeAny, ...z.ZodTypeAny[]],
  TReturnType extends z.ZodTypeAny,
> = {
  id: string;
  description?: string;
  examples?: TemplateFunctionExample[];
  schema?: ZodFunctionSchema<TFunctionArgs, TReturnType>;
  filter: (...args: z.infer<z.ZodTuple<TFunctionArgs>>) => z.infer<TReturnType>;
};

/**
 * Creates a filter with a description. Its types are inferred from its schema.
 *
 * @public
 */
export function createTemplateFilter<
  TFunctionArgs extends [z.ZodTypeAny, ...z.ZodTypeAny[]],
  TReturnType extends z.ZodTypeAny,
>(
  filter: CreatedTemplateFilter<TFunctionArgs, TReturnType>,
): CreatedTemplateFilter<TFunctionArgs, TReturnType> {
  return filter;
}
