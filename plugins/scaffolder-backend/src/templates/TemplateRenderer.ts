// Renders the template language, both in the values of a template and in texts such as the files of a skeleton.
import type { UserEntity } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import type { JsonObject, JsonValue } from '@backstage/types';
import { Interpreter } from './interpreter/Interpreter';
import type { InterpreterLimits } from './interpreter/InterpreterProcess';
import type {
  RenderRequest,
  TextOptions,
  ValidateRequest,
  ValidateResult,
} from './interpreter/RenderRequest';
import { TemplateError } from './TemplateError';
import { formatPath, type TemplatePath } from './TemplatePath';
import type { TemplatingExtensions } from './TemplatingExtensions';

/** The names that expressions can refer to. */
export interface RenderContext {
  readonly parameters: JsonObject;
  /** Completed steps by id. */
  readonly steps: { readonly [id: string]: { readonly output: JsonObject } };
  readonly user?: { entity?: UserEntity; ref?: string };
  readonly secrets?: { readonly [name: string]: string };
  readonly environment?: { parameters: JsonObject; secrets?: { readonly [name: string]: string } };
  readonly context?: { task: { id: string } };
  readonly each?: EachItem;
  /** Whether a step has failed. Not visible to expressions, except as the result of `failure()`. */
  readonly hasFailed?: boolean;
}

/** An item of a step's `each`. */
export type EachItem = {
  /** The index in an array or the field name in an object, always a string. */
  readonly key: string;
  readonly value: JsonValue;
};

/** A text, and the name for it in errors. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Puts the result of a template in its place; nothing is put for `undefined`. */
type Place = (rendered: JsonValue | undefined) => void;

const maxEachItems = 10_000;
const startOfTemplate = /\$\{\{|\{[%#]/;
const startOfJinja = /\{[{%#]/;

/**
 * Renders templates in another process, with limits on time, memory and output, so that they can't access anything
 * here.
 */
export class TemplateRenderer {
  readonly #interpreter: Interpreter;

  constructor(
    extensions: TemplatingExtensions,
    options?: { limits?: Partial<InterpreterLimits>; size?: number },
  ) {
    this.#interpreter = new Interpreter(extensions, options);
  }

  /**
   * Renders all strings in a value. A string that consists of a single expression gets the type of its result, which
   * is `undefined` if the expression refers to nothing. Fields that become `undefined`, and those that are empty
   * strings, are left out.
   *
   * `onStatusAsked` is called if an expression calls `always()` or `failure()`.
   *
   * @throws TemplateError with the path of the string that can't be rendered.
   */
  async render(
    value: JsonValue,
    context: RenderContext,
    path: TemplatePath = [],
    onStatusAsked?: () => void,
  ): Promise<JsonValue | undefined> {
    const { hasFailed = false, ...visible } = context;
    const found: Array<{ source: string; path: TemplatePath; place: Place }> = [];
    let whole: JsonValue | undefined;
    collect(value, path, rendered => (whole = rendered));
    if (found.length > 0) {
      const pathOf = (at?: number) => formatPath(at === undefined ? path : found[at]!.path);
      const { results, asksStatus } = await this.#run(pathOf, {
        mode: 'value',
        sources: found.map(({ source }) => source),
        context: visible as unknown as JsonObject,
        hasFailed,
        options: {},
      });
      if (asksStatus) onStatusAsked?.();
      results.forEach((rendered, index) => found[index]!.place(rendered.value));
    }
    return whole;

    // Copies the value, and collects the strings that have to be rendered.
    function collect(item: JsonValue, at: TemplatePath, place: Place): void {
      if (typeof item === 'string' && startOfTemplate.test(item)) {
        found.push({ source: item, path: at, place });
      } else if (Array.isArray(item)) {
        const copy: JsonValue[] = item.map(() => null);
        item.forEach((one, index) =>
          collect(one, [...at, index], rendered => void (copy[index] = rendered ?? null)),
        );
        place(copy);
      } else if (typeof item === 'object' && item !== null) {
        const copy: JsonObject = {};
        place(copy);
        for (const [key, one] of Object.entries(item)) {
          if (key === '__proto__')
            throw new InputError(`${formatPath(at)} has the field '__proto__'. Remove it.`);
          // As in Backstage, a field that is left empty counts as missing.
          if (one === '') continue;
          // Set first to keep the order of the fields.
          copy[key] = null;
          collect(one ?? null, [...at, key], rendered => {
            if (rendered === undefined) delete copy[key];
            else copy[key] = rendered;
          });
        }
      } else {
        place(item);
      }
    }
  }

  /**
   * Whether a step, page or output is wanted. A missing condition counts as true. Once a step has failed, a condition
   * is only true if it calls `always()` or `failure()`.
   */
  async evaluateCondition(
    condition: string | boolean | undefined,
    context: RenderContext,
    path: TemplatePath = [],
  ): Promise<boolean> {
    const { hasFailed = false } = context;
    if (typeof condition !== 'string') return (condition ?? true) && !hasFailed;
    let asksStatus = false;
    const result = await this.render(condition, context, path, () => (asksStatus = true));
    if (hasFailed && !asksStatus) return false;
    if (typeof result === 'string') return !['', 'false', 'null', 'undefined'].includes(result.trim());
    // An empty array is false, as in other conditions of the language.
    return Array.isArray(result) ? result.length > 0 : Boolean(result);
  }

  /**
   * The items of a step's `each`, or `undefined` if it has none.
   *
   * @throws InputError if the result is neither an array nor an object, or has more than 10,000 items.
   */
  async expandEach(
    each: JsonValue | undefined,
    context: RenderContext,
    path: TemplatePath = [],
  ): Promise<EachItem[] | undefined> {
    if (each === undefined) return undefined;
    const items = await this.render(each, context, path);
    const place = formatPath(path);
    if (typeof items !== 'object' || items === null) {
      throw new InputError(
        `${place} gives ${describe(items)}, where a list or an object is needed. Correct it.`,
      );
    }
    const keys = Object.keys(items);
    if (keys.length > maxEachItems) {
      throw new InputError(
        `${place} gives ${keys.length} items, and a step is run ${maxEachItems} times at most. Give fewer.`,
      );
    }
    if (Array.isArray(items)) return items.map((value, index) => ({ key: `${index}`, value }));
    return keys.map(key => ({ key, value: items[key] ?? null }));
  }

  /**
   * Renders several texts with the same values.
   *
   * @throws TemplateError with the name of the text that can't be rendered, and the line.
   */
  async renderTexts(
    texts: readonly NamedText[],
    context: JsonObject,
    { cookiecutterCompat, trimBlocks, lstripBlocks }: TextOptions = {},
  ): Promise<string[]> {
    const start = cookiecutterCompat ? startOfJinja : startOfTemplate;
    const results = texts.map(({ text }) => text);
    const found = texts.flatMap(({ text, name }, index) => (start.test(text) ? [{ text, name, index }] : []));
    if (found.length === 0) return results;
    const nameOf = (at?: number) => (at === undefined ? namesOf(found) : found[at]!.name);
    const { results: rendered } = await this.#run(nameOf, {
      mode: 'text',
      sources: found.map(({ text }) => text),
      context,
      // Nothing else that the object may have: the process keeps what it has made for each set of options.
      options: { cookiecutterCompat, trimBlocks, lstripBlocks },
    });
    rendered.forEach(({ value }, index) => (results[found[index]!.index] = String(value)));
    return results;
  }

  /**
   * Validates values against a JSON schema from a template, and applies its defaults.
   *
   * @throws TemplateError if the schema is invalid, or its patterns take too long.
   */
  async validate(
    schema: JsonObject,
    values: JsonObject,
    path: TemplatePath,
  ): Promise<Extract<ValidateResult, { errors: unknown }>> {
    const { results } = await this.#run(() => formatPath(path), { mode: 'validate', schema, values });
    const result = results[0]!.value as ValidateResult;
    if (result.invalid !== undefined) throw new TemplateError(formatPath(path), { message: result.invalid });
    return result;
  }

  /** Returns the results. Throws with the path of the failed source, or of all if it is not known which one failed. */
  async #run(placeOf: (index?: number) => string, request: RenderRequest | ValidateRequest) {
    const outcome = await this.#interpreter.run(request);
    if (!outcome.failure) return outcome;
    throw new TemplateError(placeOf(outcome.failure.index), outcome.failure);
  }

  /** Ends the processes that render. */
  close(): void {
    this.#interpreter.close();
  }
}

/** Quotes a text in full or not at all, because a part of a secret might not be recognised as one. */
function describe(item: JsonValue | undefined): string {
  if (item === undefined) return 'nothing';
  const isLong = typeof item === 'string' && item.length > 100;
  return isLong ? `a text of ${item.length} characters` : JSON.stringify(item);
}

function namesOf(texts: readonly NamedText[]): string {
  const names = texts.slice(0, 3).map(({ name }) => name);
  return `${names.join(', ')}${texts.length > 3 ? ` or ${texts.length - 3} others` : ''}`;
}
