// The plain types of filters, functions and values of the template language.
import type { JsonValue } from '@backstage/types';

/**
 * A filter: gets what stands left of the `|`, then its arguments. Synchronous; sees copies of the template's values.
 *
 * @public
 */
export type TemplateFilter = (arg: JsonValue, ...rest: JsonValue[]) => JsonValue | undefined;

/**
 * A value, or a function, that templates use by its name.
 *
 * @public
 */
export type TemplateGlobal = ((...args: JsonValue[]) => JsonValue | undefined) | JsonValue;

/**
 * How a filter or a function is used.
 *
 * @public
 */
export type TemplateFunctionExample = {
  description?: string;
  example: string;
  notes?: string;
};
