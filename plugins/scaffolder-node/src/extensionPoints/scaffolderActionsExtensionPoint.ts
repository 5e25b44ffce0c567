// The extension point for actions.
import { createExtensionPoint } from '@greenroom/backend-plugin-api';
import type { TemplateAction } from '../actions/TemplateAction';

/**
 * Adds actions that steps of templates can use.
 *
 * @public
 */
export interface ScaffolderActionsExtensionPoint {
  /** Two actions with one id let the scaffolder fail to start with a `ConflictError`. */
  // oxlint-disable-next-line typescript/no-explicit-any
  addActions(...actions: TemplateAction<any, any, any>[]): void;
}

/**
 * Lets modules add actions; matched by id with modules written for Backstage's scaffolder.
 *
 * @public
 */
export const scaffolderActionsExtensionPoint = createExtensionPoint<ScaffolderActionsExtensionPoint>({
  id: 'scaffolder.actions',
});
