// The filters and globals of the template language: the built-in ones, and those that modules add.
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
import { createBuiltinFilters } from './filters/builtinFilters';
import { RepoUrlParser } from './filters/parseRepoUrl';

type AddedFilters = Parameters<ScaffolderTemplatingExtensionPoint['addTemplateFilters']>[0];
type AddedGlobals = Parameters<ScaffolderTemplatingExtensionPoint['addTemplateGlobals']>[0];

/** A list of all of them, as `GET /v2/templating-extensions` gives it. */
type TemplatingExtensionsDescription = Awaited<ReturnType<ScaffolderService['listTemplatingExtensions']>>;

/** What a module tells of a function, with its schema still in zod. */
interface AddedDescription extends Pick<ScaffolderTemplateFunction, 'description' | 'examples'> {
  // oxlint-disable-next-line typescript/no-explicit-any
  schema?: ZodFunctionSchema<any, any>;
}

/** What the template language has beyond its own. */
export class TemplatingExtensions implements ScaffolderTemplatingExtensionPoint {
  readonly filters = new Map<string, TemplateFilter>();
  readonly globals = new Map<string, TemplateGlobal>();
  readonly #builtin = new Map<string, ScaffolderTemplateFunction>();
  readonly #added = new Map<string, AddedDescription>();

  addTemplateFilters(filters: AddedFilters): void {
    const all = Array.isArray(filters)
      ? filters
      : Object.entries(filters).map(([id, filter]) => ({ id, filter }));
    for (const { id, filter, ...description } of all) {
      this.filters.set(id, filter as TemplateFilter);
      this.#added.set(`filter ${id}`, description);
    }
  }

  addTemplateGlobals(globals: AddedGlobals): void {
    if (!Array.isArray(globals)) {
      for (const [id, global] of Object.entries(globals)) this.globals.set(id, global);
      return;
    }
    for (const global of globals) {
      this.globals.set(global.id, 'fn' in global ? (global.fn as TemplateGlobal) : global.value);
      this.#added.set(`global ${global.id}`, 'fn' in global ? global : { description: global.description });
    }
  }

  /** Adds the built-in filters, where no module has put another in the place of one. */
  addBuiltins(config?: Config): this {
    for (const [name, { filter, ...description }] of Object.entries(
      createBuiltinFilters(new RepoUrlParser(config)),
    )) {
      if (this.filters.has(name)) continue;
      this.filters.set(name, filter);
      this.#builtin.set(name, description);
    }
    return this;
  }

  /** What there is, for those who write templates. */
  async describe(): Promise<TemplatingExtensionsDescription> {
    const description: TemplatingExtensionsDescription = {
      filters: {},
      globals: { functions: {}, values: {} },
    };
    for (const name of [...this.filters.keys()].sort()) {
      const added = this.#added.get(`filter ${name}`);
      description.filters[name] = this.#builtin.get(name) ?? (await describeAdded(added, { isFilter: true }));
    }
    for (const [name, global] of [...this.globals].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const added = this.#added.get(`global ${name}`);
      if (typeof global === 'function') {
        description.globals.functions[name] = await describeAdded(added, { isFilter: false });
      } else {
        description.globals.values[name] = {
          ...(added?.description !== undefined && { description: added.description }),
          value: global,
        };
      }
    }
    return description;
  }
}

async function describeAdded(
  added: AddedDescription | undefined,
  options: { isFilter: boolean },
): Promise<ScaffolderTemplateFunction> {
  const { description, examples, schema } = added ?? {};
  return {
    ...(description !== undefined && { description }),
    ...(schema && { schema: await describeFunction(schema, options) }),
    ...(examples && { examples }),
  };
}

async function describeFunction(
  // oxlint-disable-next-line typescript/no-explicit-any
  schema: ZodFunctionSchema<any, any>,
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
