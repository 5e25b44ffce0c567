// The permissions of the scaffolder, the same that policies written for Backstage's scaffolder know.
import type {
  BasicPermission,
  PermissionAttributes,
  ResourcePermission,
} from '@backstage/plugin-permission-common';

export const RESOURCE_TYPE_TEMPLATE = 'scaffolder-template';
export const RESOURCE_TYPE_ACTION = 'scaffolder-action';
export const RESOURCE_TYPE_TASK = 'scaffolder-task';

// Equivalent to `createPermission` of Backstage's permission package, which would load an HTTP client.
const basic = (name: string, attributes: PermissionAttributes): BasicPermission => ({
  type: 'basic',
  name,
  attributes,
});
const onResource = <T extends string>(
  name: string,
  resourceType: T,
  attributes: PermissionAttributes,
): ResourcePermission<T> => ({ type: 'resource', name, resourceType, attributes });

/** Run an action with an input. */
export const actionExecutePermission = onResource('scaffolder.action.execute', RESOURCE_TYPE_ACTION, {});

/** See a page of a template's form. Without it, the page does not exist for the caller. */
export const templateParameterReadPermission = onResource(
  'scaffolder.template.parameter.read',
  RESOURCE_TYPE_TEMPLATE,
  { action: 'read' },
);

/** See and run a step of a template. */
export const templateStepReadPermission = onResource(
  'scaffolder.template.step.read',
  RESOURCE_TYPE_TEMPLATE,
  { action: 'read' },
);

/** Dry-run a template, which need not be in the catalog. */
export const templateDryRunPermission = basic('scaffolder.template.dry-run', {});

/** See a task and its log. */
export const taskReadPermission = onResource('scaffolder.task.read', RESOURCE_TYPE_TASK, { action: 'read' });

export const taskCreatePermission = basic('scaffolder.task.create', { action: 'create' });

export const taskCancelPermission = onResource('scaffolder.task.cancel', RESOURCE_TYPE_TASK, {});

/** Use the template management of a user interface. */
export const templateManagementPermission = basic('scaffolder.template.management', {});
