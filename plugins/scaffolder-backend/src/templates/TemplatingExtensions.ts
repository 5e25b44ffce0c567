// The filters and globals of the template language: the built-in ones, and those that modules add.
import type { JsonValue } from '@backstage/types';
import type {
  ScaffolderTemplatingExtensionPoint,
  TemplateFilter,
  TemplateFunctionExample,
  TemplateGlobal,
} from '@greenroom/plugin-scaffolder-node';

type AddedFilters = Parameters<ScaffolderTemplatingExtensionPoint['addTemplateFilters']>[0];
type AddedGlobals = Parameters<ScaffolderTemplatingExtensionPoint['addTemplateGlobals']>[0];

/** What is told of a filter or a function. */
export interface TemplateFunctionDescription {
  description?: string;
  schema?: { input?: JsonValue; arguments?: JsonValue[]; output?: JsonValue };
  examples?: TemplateFunctionExample[];
}

/** A list of all of them, in the shape that `GET /v2/templating-extensions` has. */
export interface TemplatingExtensionsDescription {
  filters: Record<string, TemplateFunctionDescription>;
  globals: {
    functions: Record<string, TemplateFunctionDescription>;
    values: Record<string, { description?: string; value: JsonValue }>;
  };
}

/** What modules add to the template language. */
export class TemplatingExtensions implements ScaffolderTemplatingExtensionPoint {
  readonly filters = new Map<string, TemplateFilter>();
  readonly globals = new Map<string, TemplateGlobal>();

  addTemplateFilters(filters: AddedFilters): void {
    if (Array.isArray(filters)) {
      for (const { id, filter } of filters) this.filters.set(id, filter as TemplateFilter);
    } else {
      for (const [name, filter] of Object.entries(filters)) this.filters.set(name, filter);
    }
  }

  addTemplateGlobals(globals: AddedGlobals): void {
    if (Array.isArray(globals)) {
      for (const global of globals) {
        this.globals.set(global.id, 'fn' in global ? (global.fn as TemplateGlobal) : global.value);
      }
    } else {
      for (const [name, global] of Object.entries(globals)) this.globals.set(name, global);
    }
  }
}
