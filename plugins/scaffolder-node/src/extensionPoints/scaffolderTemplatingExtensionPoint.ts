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
  /** Adds filters, by name or created with {@link createTemplateFilter}. A filter that already exists is replaced. */
  // oxlint-disable-next-line typescript/no-explicit-any
  addTemplateFilters(filters: Record<string, TemplateFilter> | CreatedTemplateFilter<any, any>[]): void;
  /**
   * Adds values and functions, by name or created with {@link createTemplateGlobalValue} and
   * {@link createTemplateGlobalFunction}. One that already exists is replaced.
   */
  addTemplateGlobals(globals: Record<string, TemplateGlobal> | CreatedTemplateGlobal[]): void;
}

/**
 * Lets modules add filters and globals. It has the ID of Backstage's extension point, so modules for Backstage's
 * scaffolder can use it.
 *
 * @public
 */
export const scaffolderTemplatingExtensionPoint = createExtensionPoint<ScaffolderTemplatingExtensionPoint>({
  id: 'scaffolder.templating',
});
