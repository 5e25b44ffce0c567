// The extension point for filters and globals of the template language.
import { createExtensionPoint } from '@greenroom/backend-plugin-api';
import type { CreatedTemplateFilter } from '../templating/createTemplateFilter';
import type { CreatedTemplateGlobal } from '../templating/createTemplateGlobal';
import type { TemplateFilter, TemplateGlobal } from '../templating/TemplateFunction';

/**
 * Adds filters and globals to the template language.
 *
 * @public
 */
export interface ScaffolderTemplatingExtensionPoint {
  /** Filters by name, or as {@link createTemplateFilter} makes them. One that is there already is replaced. */
  // oxlint-disable-next-line typescript/no-explicit-any
  addTemplateFilters(filters: Record<string, TemplateFilter> | CreatedTemplateFilter<any, any>[]): void;
  /** Values and functions by name, or as {@link createTemplateGlobalValue} and {@link createTemplateGlobalFunction} make them. */
  addTemplateGlobals(globals: Record<string, TemplateGlobal> | CreatedTemplateGlobal[]): void;
}

/**
 * Lets modules add filters and globals; matched by id with modules written for Backstage's scaffolder.
 *
 * @public
 */
export const scaffolderTemplatingExtensionPoint = createExtensionPoint<ScaffolderTemplatingExtensionPoint>({
  id: 'scaffolder.templating',
});
