// Holds a task to the actions that whoever created it may run.
import { NotAllowedError } from '@backstage/errors';
import type { PolicyDecision } from '@backstage/plugin-permission-common';
import type { JsonObject } from '@backstage/types';
import type { PermissionRuleset } from '@greenroom/backend-plugin-api';
import { isAllowed } from './matchesConditions';
import type { ActionUse } from './scaffolderRules';

/** Decides by what the policy said when the task was created: it is asked once a task, and not once a step. */
export class ActionGuard {
  readonly #decision: PolicyDecision;
  readonly #rules: PermissionRuleset<ActionUse, object, 'scaffolder-action'>;

  constructor(decision: PolicyDecision, rules: PermissionRuleset<ActionUse, object, 'scaffolder-action'>) {
    this.#decision = decision;
    this.#rules = rules;
  }

  /** Throws `NotAllowedError` if the action must not be run with this input. */
  check(step: { id: string; action: string }, input: JsonObject): void {
    if (isAllowed(this.#decision, { action: step.action, input }, this.#rules)) return;
    throw new NotAllowedError(
      `Step '${step.id}' is not allowed to run the action '${step.action}' with this input: the policy denies ` +
        "'scaffolder.action.execute' to whoever created the task",
    );
  }
}
