// The plain types of filters, functions and values of the template language.
import type { JsonValue } from '@backstage/types';

/**
 * A filter. Receives the value to the left of the `|`, then its arguments. Must be synchronous; it receives copies of
 * the template's values.
 *
 * @public
 */
export type TemplateFilter = (arg: JsonValue, ...rest: JsonValue[]) => JsonValue | undefined;

/**
 * A value or a function that templates use by its name.
 *
 * @public
 */
export type TemplateGlobal = ((...args: JsonValue[]) => JsonValue | undefined) | JsonValue;

/**
 * An example of how a filter or a function is used.
 *
 * @public
 */
export type TemplateFunctionExample = {
  description?: string;
  example: string;
  notes?: string;
};
