// Finds the action of a step, or suggests a similar one.
import { InputError } from '@backstage/errors';
import type { TemplateAction } from '@greenroom/plugin-scaffolder-node';
import { distance } from 'fastest-levenshtein';
import type { ActionRegistry } from '../actions/ActionRegistry';

/** This backend does not have the action. */
class UnknownActionError extends InputError {
  readonly code = 'GR_SCAFFOLDER_ACTION_UNKNOWN';

  constructor(step: { id: string; action: string }, nearest: string | undefined) {
    const meant = nearest === undefined ? '' : ` Did you mean '${nearest}'?`;
    super(
      `Step '${step.id}' uses the action '${step.action}', which this backend does not have.${meant} ` +
        'Add the module that has it to the backend, or correct the step.',
    );
  }
}

/** Throws `UnknownActionError` if the action does not exist. */
export function findAction(actions: ActionRegistry, step: { id: string; action: string }): TemplateAction {
  try {
    return actions.get(step.action);
  } catch {
    const known = actions.list().map(({ id }) => id);
    throw new UnknownActionError(step, nearestOf(step.action, known));
  }
}

/** The most similar id, if no more than a third of it is different. */
function nearestOf(id: string, known: readonly string[]): string | undefined {
  const unlike = (one: string) => distance(id.toLowerCase(), one.toLowerCase());
  const [nearest] = [...known].sort((a, b) => unlike(a) - unlike(b));
  return nearest !== undefined && unlike(nearest) <= id.length / 3 ? nearest : undefined;
}
