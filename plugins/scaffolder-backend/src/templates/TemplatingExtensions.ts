// The filters and globals of the template language, both built-in and added by modules.
import type { Config } from '@backstage/config';
import type { JsonValue } from '@backstage/types';
import type {
  ScaffolderService,
  ScaffolderTemplateFunction,
  ScaffolderTemplatingExtensionPoint,
  TemplateFilter,
  TemplateGlobal,
  ZodFunctionSchema,
} from '@greenroom/plugin-scaffolder-node';
import { createBuiltinFilters } from './filters/createBuiltinFilters';
import { RepoUrlParser } from './filters/RepoUrlParser';

type AddedFilters = Parameters<ScaffolderTemplatingExtensionPoint['addTemplateFilters']>[0];
type AddedGlobals = Parameters<ScaffolderTemplatingExtensionPoint['addTemplateGlobals']>[0];

/** The response of `GET /v2/templating-extensions`. */
type TemplatingExtensionsDescription = Awaited<ReturnType<ScaffolderService['listTemplatingExtensions']>>;

// oxlint-disable-next-line typescript/no-explicit-any
type ZodSchema = ZodFunctionSchema<any, any>;

/** The description of a function. The schema of one that a module added is still in zod. */
interface Description extends Omit<ScaffolderTemplateFunction, 'schema'> {
  schema?: ScaffolderTemplateFunction['schema'] | ZodSchema;
}

/** The registry of filters and globals. */
export class TemplatingExtensions implements ScaffolderTemplatingExtensionPoint {
  readonly filters = new Map<string, TemplateFilter>();
  readonly globals = new Map<string, TemplateGlobal>();
  readonly #ofFilters = new Map<string, Description>();
  readonly #ofGlobals = new Map<string, Description>();

  addTemplateFilters(filters: AddedFilters): void {
    const all = Array.isArray(filters)
      ? filters
      : Object.entries(filters).map(([id, filter]) => ({ id, filter }));
    for (const { id, filter, ...description } of all) {
      this.filters.set(id, filter as TemplateFilter);
      this.#ofFilters.set(id, description);
    }
  }

  addTemplateGlobals(globals: AddedGlobals): void {
    if (!Array.isArray(globals)) {
      for (const [id, global] of Object.entries(globals)) this.globals.set(id, global);
      return;
    }
    for (const global of globals) {
      this.globals.set(global.id, 'fn' in global ? (global.fn as TemplateGlobal) : global.value);
      this.#ofGlobals.set(global.id, 'fn' in global ? global : { description: global.description });
    }
  }

  /** Adds the built-in filters, except those that a module has replaced. */
  addBuiltins(config?: Config): this {
    for (const [name, { filter, ...description }] of Object.entries(
      createBuiltinFilters(new RepoUrlParser(config)),
    )) {
      if (this.filters.has(name)) continue;
      this.filters.set(name, filter);
      this.#ofFilters.set(name, description);
    }
    return this;
  }

  /** Describes all filters and globals for template authors. */
  async describe(): Promise<TemplatingExtensionsDescription> {
    const filters: TemplatingExtensionsDescription['filters'] = {};
    for (const name of [...this.filters.keys()].sort()) {
      filters[name] = await describeFunction(this.#ofFilters.get(name), { isFilter: true });
    }
    const globals: TemplatingExtensionsDescription['globals'] = { functions: {}, values: {} };
    for (const [name, value] of [...this.globals].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const told = this.#ofGlobals.get(name);
      if (typeof value === 'function') {
        globals.functions[name] = await describeFunction(told, { isFilter: false });
      } else {
        globals.values[name] = { description: told?.description, value };
      }
    }
    return { filters, globals };
  }
}

async function describeFunction(
  { description, schema, examples }: Description = {},
  options: { isFilter: boolean },
): Promise<ScaffolderTemplateFunction> {
  return {
    description,
    schema: typeof schema === 'function' ? await describeSchema(schema, options) : schema,
    examples,
  };
}

async function describeSchema(
  schema: ZodSchema,
  { isFilter }: { isFilter: boolean },
): Promise<ScaffolderTemplateFunction['schema']> {
  const [{ z }, { zodToJsonSchema }] = await Promise.all([import('zod/v3'), import('zod-to-json-schema')]);
  const made = schema(z);
  if (!(made instanceof z.ZodFunction)) return undefined;
  const toSchema = (one: unknown) => zodToJsonSchema(one as never) as JsonValue;
  const parameters = (made.parameters().items as unknown[]).map(toSchema);
  const output = toSchema(made.returnType());
  if (!isFilter) return { arguments: parameters, output };
  const [input, ...rest] = parameters;
  return { ...(input !== undefined && { input }), ...(rest.length > 0 && { arguments: rest }), output };
}
