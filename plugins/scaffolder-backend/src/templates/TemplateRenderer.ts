// Renders the template language in the values of a template: inputs of steps, conditions, loops and outputs.
import type { UserEntity } from '@backstage/catalog-model';
import type { JsonObject, JsonValue } from '@backstage/types';
import { createTemplateRenderer, type TemplateRenderer as Interpreter, type TemplateValue } from 'nunjitsu';
import type { TemplatingExtensions } from './TemplatingExtensions';

/** What expressions see, by these names. */
export interface RenderContext {
  readonly parameters: JsonObject;
  /** By the ids of the steps that are done. */
  readonly steps: { readonly [id: string]: { readonly output: JsonObject } };
  readonly user?: { entity?: UserEntity; ref?: string };
  readonly secrets?: { readonly [name: string]: string };
  readonly environment?: { parameters: JsonObject; secrets?: { readonly [name: string]: string } };
  readonly context?: { task: { id: string } };
  readonly each?: EachItem;
}

/** An item of a step's `each`. */
export interface EachItem {
  /** The index in a list, the name in an object. */
  readonly key: string | number;
  readonly value: JsonValue;
}

/** Where in a template a value stands, such as `['steps', 'fetch', 'input']`; errors name it. */
export type TemplatePath = readonly (string | number)[];

/** Renders values of templates. Nothing of the process can be reached from a template; each rendering has limits. */
export class TemplateRenderer {
  readonly #interpreter: Interpreter;

  constructor(extensions: TemplatingExtensions) {
    this.#interpreter = createTemplateRenderer({
      filters: Object.fromEntries(extensions.filters) as never,
      globals: Object.fromEntries(extensions.globals) as never,
    });
  }

  /**
   * The value with each string in it rendered. A string that is one expression as a whole keeps the type of its result;
   * `undefined` is what an expression gives that names nothing.
   *
   * @throws TemplateError with the path of the string that can't be rendered.
   */
  async render(
    value: JsonValue,
    context: RenderContext,
    path: TemplatePath = [],
  ): Promise<JsonValue | undefined> {
    return this.#render(value, context, path);
  }

  #render(value: JsonValue, context: RenderContext, path: TemplatePath): JsonValue | undefined {
    if (typeof value === 'string') {
      return this.#interpreter.renderValue(value, context as unknown as { [key: string]: TemplateValue }) as
        JsonValue | undefined;
    }
    if (Array.isArray(value)) {
      return value.map((item, index) => this.#render(item, context, [...path, index]) ?? null);
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        item === undefined ? item : this.#render(item, context, [...path, key]),
      ]),
    );
  }

  /** Whether a step, a page or an output is wanted: an absent condition is true. */
  async evaluateCondition(
    condition: string | boolean | undefined,
    context: RenderContext,
    path: TemplatePath = [],
  ): Promise<boolean> {
    if (typeof condition !== 'string') return condition ?? true;
    const result = await this.render(condition, context, path);
    return Boolean(result) && result !== 'false';
  }

  /** The items of a step's `each`, or `undefined` for a step without one. */
  async expandEach(
    each: JsonValue | undefined,
    context: RenderContext,
    path: TemplatePath = [],
  ): Promise<EachItem[] | undefined> {
    if (each === undefined) return undefined;
    const items = await this.render(each, context, path);
    return Object.entries(items as JsonObject).map(([key, value]) => ({
      key: Array.isArray(items) ? Number(key) : key,
      value: value ?? null,
    }));
  }
}
