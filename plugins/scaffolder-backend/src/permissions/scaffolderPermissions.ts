// The permissions of the scaffolder: those that policies written for Backstage's scaffolder know.
import { createPermission } from '@backstage/plugin-permission-common';

export const RESOURCE_TYPE_TEMPLATE = 'scaffolder-template';
export const RESOURCE_TYPE_ACTION = 'scaffolder-action';
export const RESOURCE_TYPE_TASK = 'scaffolder-task';

/** To run an action with an input. */
export const actionExecutePermission = createPermission({
  name: 'scaffolder.action.execute',
  attributes: {},
  resourceType: RESOURCE_TYPE_ACTION,
});

/** To see a page of the form of a template; without it, it is as if there were none. */
export const templateParameterReadPermission = createPermission({
  name: 'scaffolder.template.parameter.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_TEMPLATE,
});

/** To see and to run a step of a template. */
export const templateStepReadPermission = createPermission({
  name: 'scaffolder.template.step.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_TEMPLATE,
});

/** To try out a template that need not be in the catalog. */
export const templateDryRunPermission = createPermission({
  name: 'scaffolder.template.dry-run',
  attributes: {},
});

/** To see a task and its log. */
export const taskReadPermission = createPermission({
  name: 'scaffolder.task.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_TASK,
});

export const taskCreatePermission = createPermission({
  name: 'scaffolder.task.create',
  attributes: { action: 'create' },
});

export const taskCancelPermission = createPermission({
  name: 'scaffolder.task.cancel',
  attributes: {},
  resourceType: RESOURCE_TYPE_TASK,
});

/** To use what manages templates in a user interface. */
export const templateManagementPermission = createPermission({
  name: 'scaffolder.template.management',
  attributes: {},
});
