// The extension point for actions.
import { createExtensionPoint } from '@greenroom/backend-plugin-api';
import type { TemplateAction } from '../actions/TemplateAction';

/**
 * Adds actions that steps of templates can use.
 *
 * @public
 */
export interface ScaffolderActionsExtensionPoint {
  /** Adds actions. If two actions have the same ID, the scaffolder fails to start with a `ConflictError`. */
  // oxlint-disable-next-line typescript/no-explicit-any
  addActions(...actions: TemplateAction<any, any, any>[]): void;
}

/**
 * Lets modules add actions. It has the ID of Backstage's extension point, so modules for Backstage's scaffolder can
 * use it.
 *
 * @public
 */
export const scaffolderActionsExtensionPoint = createExtensionPoint<ScaffolderActionsExtensionPoint>({
  id: 'scaffolder.actions',
});
