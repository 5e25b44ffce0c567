// Registers the permissions of the scaffolder and their rules, and authorizes callers.
import { NotAllowedError } from '@backstage/errors';
import type {
  BasicPermission,
  PermissionCriteria,
  PolicyDecision,
  ResourcePermission,
} from '@backstage/plugin-permission-common';
import type { JsonObject } from '@backstage/types';
import type {
  BackstageCredentials,
  PermissionsRegistryService,
  PermissionsService,
} from '@greenroom/backend-plugin-api';
import type { TaskFilter } from '../database/applyTaskFilter';
import type { Task } from '../tasks/Task';
import type { TaskStep } from '../templates/TaskSpec';
import type { TemplateEntity, TemplatePage, TemplateStep } from '../templates/TemplateSpec';
import { isAllowed, toCriteria } from './policyDecisions';
import * as permission from './scaffolderPermissions';
import {
  actionResourceRef,
  actionRules,
  taskResourceRef,
  taskRules,
  templateResourceRef,
  templateRules,
} from './scaffolderRules';

/** Who may do what. */
export class ScaffolderAccess {
  readonly #permissions: PermissionsService;
  readonly #registry: PermissionsRegistryService;

  constructor(permissions: PermissionsService, registry: PermissionsRegistryService) {
    this.#permissions = permissions;
    this.#registry = registry;
  }

  /** Registers permissions and rules. `findTasks` loads tasks by id, in the same order. */
  register(findTasks: (ids: string[]) => Promise<Array<Task | undefined>>): void {
    const registry = this.#registry;
    registry.addPermissions([
      permission.taskCreatePermission,
      permission.templateDryRunPermission,
      permission.templateManagementPermission,
    ]);
    registry.addResourceType({
      resourceRef: templateResourceRef,
      permissions: [permission.templateParameterReadPermission, permission.templateStepReadPermission],
      rules: templateRules as never,
    });
    registry.addResourceType({
      resourceRef: actionResourceRef,
      permissions: [permission.actionExecutePermission],
      rules: actionRules as never,
    });
    registry.addResourceType({
      resourceRef: taskResourceRef,
      permissions: [permission.taskReadPermission, permission.taskCancelPermission],
      rules: taskRules as never,
      getResources: findTasks,
    });
  }

  /** Throws `NotAllowedError` if the permission is denied. */
  async require(basic: BasicPermission, credentials: BackstageCredentials): Promise<void> {
    const [decision] = await this.#permissions.authorize([{ permission: basic }], { credentials });
    if (decision?.result !== 'ALLOW') throw denied(basic.name);
  }

  /** Throws `NotAllowedError` if the caller may not read, or cancel, the task. */
  async requireForTask(
    resource: ResourcePermission<'scaffolder-task'>,
    task: Task,
    credentials: BackstageCredentials,
  ): Promise<void> {
    const decision = await this.#decide(resource, credentials);
    if (!isAllowed(decision, task, this.#registry.getPermissionRuleset(taskResourceRef))) {
      throw denied(resource.name);
    }
  }

  /** Limits the tasks that the caller may see: `undefined` for all of them, `'nothing'` for none. */
  async readableTasks(
    credentials: BackstageCredentials,
  ): Promise<PermissionCriteria<TaskFilter> | 'nothing' | undefined> {
    const decision = await this.#decide(permission.taskReadPermission, credentials);
    if (decision.result === 'CONDITIONAL') {
      const rules = this.#registry.getPermissionRuleset(taskResourceRef);
      return toCriteria(decision.conditions, rules);
    }
    return decision.result === 'ALLOW' ? undefined : 'nothing';
  }

  /** The template without the form pages and steps that the caller may not see. */
  async visiblePart(template: TemplateEntity, credentials: BackstageCredentials): Promise<TemplateEntity> {
    const [pages, steps] = await this.#permissions.authorizeConditional(
      [
        { permission: permission.templateParameterReadPermission },
        { permission: permission.templateStepReadPermission },
      ],
      { credentials },
    );
    if (pages?.result === 'ALLOW' && steps?.result === 'ALLOW') return template;
    const rules = this.#registry.getPermissionRuleset(templateResourceRef);
    const visible = <T extends TemplatePage | TemplateStep>(parts: T[], decision: PolicyDecision) =>
      parts.filter(part => isAllowed(decision, part, rules));
    const { spec } = template;
    return {
      ...template,
      spec: {
        ...spec,
        ...(spec.parameters && { parameters: visible([spec.parameters].flat(), pages!) }),
        steps: visible(spec.steps, steps!),
      },
    };
  }

  /** Throws `NotAllowedError` if there is a step of a task, maybe of somebody else's, that the caller may not run. */
  async requireForSteps(steps: readonly TaskStep[], credentials: BackstageCredentials): Promise<void> {
    const decision = await this.#decide(permission.templateStepReadPermission, credentials);
    const rules = this.#registry.getPermissionRuleset(templateResourceRef);
    const hidden = steps.find(step => !isAllowed(decision, step as TemplateStep, rules));
    if (hidden) throw denied(permission.templateStepReadPermission.name, ` for the step '${hidden.id}'`);
  }

  /** Which actions the caller may run, to be stored with their task. */
  actionDecision(credentials: BackstageCredentials): Promise<PolicyDecision> {
    return this.#decide(permission.actionExecutePermission, credentials);
  }

  /**
   * Restricts a task to the actions that its creator was allowed to run, according to the decision at creation: the
   * policy is asked once per task, not once per step. The returned function throws `NotAllowedError`.
   */
  guardOf(decision: PolicyDecision): (step: TaskStep, input: JsonObject) => void {
    const rules = this.#registry.getPermissionRuleset(actionResourceRef);
    return ({ id, action }, input) => {
      if (isAllowed(decision, { action, input }, rules)) return;
      throw new NotAllowedError(
        `Step '${id}' is not allowed to run the action '${action}' with this input: the policy denies ` +
          "'scaffolder.action.execute' to whoever created the task",
      );
    };
  }

  async #decide(resource: ResourcePermission, credentials: BackstageCredentials): Promise<PolicyDecision> {
    const [decision] = await this.#permissions.authorizeConditional([{ permission: resource }], {
      credentials,
    });
    return decision as PolicyDecision;
  }
}

function denied(name: string, where = ''): NotAllowedError {
  return new NotAllowedError(`The permission '${name}' is denied${where}`);
}
