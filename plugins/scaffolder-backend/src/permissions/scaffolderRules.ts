// The rules for conditional policy decisions, with the names that policies for Backstage's scaffolder use.
import type { PermissionRuleParams } from '@backstage/plugin-permission-common';
import type { JsonObject } from '@backstage/types';
import type { PermissionResourceRef, PermissionRule } from '@greenroom/backend-plugin-api';
import type { TaskFilter } from '../database/applyTaskFilter';
import type { Task } from '../tasks/Task';
import type { TemplatePage, TemplateStep } from '../templates/TemplateSpec';
import { ruleParams } from './ruleParams';
import { RESOURCE_TYPE_ACTION, RESOURCE_TYPE_TASK, RESOURCE_TYPE_TEMPLATE } from './scaffolderPermissions';

/** An action that is about to run. */
export interface ActionUse {
  readonly action: string;
  readonly input: JsonObject;
}

/** Curried, so that the type argument of the second call is inferred. */
const resourceRef =
  <TResource, TQuery = object>() =>
  <TType extends string>(resourceType: TType) =>
    ({
      $$type: '@backstage/PermissionResourceRef',
      pluginId: 'scaffolder',
      resourceType,
    }) as PermissionResourceRef<TResource, TQuery, TType, 'scaffolder'>;

export const templateResourceRef = resourceRef<TemplatePage | TemplateStep>()(RESOURCE_TYPE_TEMPLATE);
export const actionResourceRef = resourceRef<ActionUse>()(RESOURCE_TYPE_ACTION);
export const taskResourceRef = resourceRef<Task, TaskFilter>()(RESOURCE_TYPE_TASK);

type RuleFor<TRef extends PermissionResourceRef, TParams extends PermissionRuleParams> = PermissionRule<
  TRef['TResource'],
  TRef['TQuery'],
  TRef['resourceType'],
  TParams
>;

const hasTag: RuleFor<typeof templateResourceRef, { tag: string }> = {
  name: 'HAS_TAG',
  resourceType: RESOURCE_TYPE_TEMPLATE,
  description: "Pages and steps with a tag, as 'backstage:permissions' has it",
  paramsSchema: ruleParams<{ tag: string }>({ tag: { type: 'string', description: 'The tag' } }),
  apply: (part, { tag }) => part['backstage:permissions']?.tags?.includes(tag) ?? false,
  toQuery: () => ({}),
};

const hasActionId: RuleFor<typeof actionResourceRef, { actionId: string }> = {
  name: 'HAS_ACTION_ID',
  resourceType: RESOURCE_TYPE_ACTION,
  description: 'The action of this id',
  paramsSchema: ruleParams<{ actionId: string }>({
    actionId: { type: 'string', description: 'The id of the action' },
  }),
  apply: ({ action }, { actionId }) => action === actionId,
  toQuery: () => ({}),
};

/** Matches an input with a field of this type and, if given, this value. */
function hasProperty<T extends string | number | boolean>(
  type: 'string' | 'number' | 'boolean',
): RuleFor<typeof actionResourceRef, { key: string; value?: T }> {
  return {
    name: `HAS_${type.toUpperCase()}_PROPERTY`,
    resourceType: RESOURCE_TYPE_ACTION,
    description: `Actions whose input has a ${type} under a key, of a certain value where one is given`,
    paramsSchema: ruleParams<{ key: string; value?: T }>(
      {
        key: { type: 'string', description: 'Where in the input it is, such as repository.visibility' },
        value: { type, description: 'What it has to be' },
      },
      { optional: ['value'] },
    ),
    apply: ({ input }, { key, value }) => {
      const found = valueAt(input, key);
      return typeof found === type && (value === undefined || found === value);
    },
    toQuery: () => ({}),
  };
}

const isTaskOwner: RuleFor<typeof taskResourceRef, { createdBy: string[] }> = {
  name: 'IS_TASK_OWNER',
  resourceType: RESOURCE_TYPE_TASK,
  description: 'Tasks that one of these created',
  paramsSchema: ruleParams<{ createdBy: string[] }>({
    createdBy: { type: 'array', items: { type: 'string' }, description: 'References of users' },
  }),
  apply: ({ createdBy }, { createdBy: owners }) => createdBy !== undefined && owners.includes(createdBy),
  toQuery: ({ createdBy: values }) => ({ key: 'createdBy', values }),
};

export const templateRules = [hasTag];
export const actionRules = [
  hasActionId,
  hasProperty<boolean>('boolean'),
  hasProperty<number>('number'),
  hasProperty<string>('string'),
];
export const taskRules = [isTaskOwner];

function valueAt(value: unknown, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>(
      (inner, name) =>
        typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
          ? (inner as Record<string, unknown>)[name]
          : undefined,
      value,
    );
}
