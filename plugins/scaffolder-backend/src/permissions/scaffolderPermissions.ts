// The permissions of the scaffolder: those that policies written for Backstage's scaffolder know.
import type {
  BasicPermission,
  PermissionAttributes,
  ResourcePermission,
} from '@backstage/plugin-permission-common';

export const RESOURCE_TYPE_TEMPLATE = 'scaffolder-template';
export const RESOURCE_TYPE_ACTION = 'scaffolder-action';
export const RESOURCE_TYPE_TASK = 'scaffolder-task';

// What createPermission of the package with their types gives; that package loads an HTTP client.
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

/** To run an action with an input. */
export const actionExecutePermission = onResource('scaffolder.action.execute', RESOURCE_TYPE_ACTION, {});

/** To see a page of the form of a template; without it, it is as if there were none. */
export const templateParameterReadPermission = onResource(
  'scaffolder.template.parameter.read',
  RESOURCE_TYPE_TEMPLATE,
  { action: 'read' },
);

/** To see and to run a step of a template. */
export const templateStepReadPermission = onResource(
  'scaffolder.template.step.read',
  RESOURCE_TYPE_TEMPLATE,
  { action: 'read' },
);

/** To try out a template that need not be in the catalog. */
export const templateDryRunPermission = basic('scaffolder.template.dry-run', {});

/** To see a task and its log. */
export const taskReadPermission = onResource('scaffolder.task.read', RESOURCE_TYPE_TASK, { action: 'read' });

export const taskCreatePermission = basic('scaffolder.task.create', { action: 'create' });

export const taskCancelPermission = onResource('scaffolder.task.cancel', RESOURCE_TYPE_TASK, {});

/** To use what manages templates in a user interface. */
export const templateManagementPermission = basic('scaffolder.template.management', {});
