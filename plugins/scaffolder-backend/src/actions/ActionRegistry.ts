// The registry of the actions that steps can use, by id.
import { ConflictError, NotFoundError } from '@backstage/errors';
import type { TemplateAction } from '@greenroom/plugin-scaffolder-node';

/** Every action has its own input and output types. */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyAction = TemplateAction<any, any, any>;

export class ActionRegistry {
  readonly #actions = new Map<string, AnyAction>();

  /** @throws ConflictError if an action with that id is already registered. */
  register(action: AnyAction): void {
    if (this.#actions.has(action.id)) {
      throw new ConflictError(
        `The action '${action.id}' is registered twice. Leave one of the modules out that add it, or rename it.`,
      );
    }
    this.#actions.set(action.id, action);
  }

  /** @throws NotFoundError if there is no action with that id. */
  get(id: string): TemplateAction {
    const action = this.#actions.get(id);
    if (!action) throw new NotFoundError(`There is no action '${id}'. Add the module that has it.`);
    return action;
  }

  /** What template authors get to know about each action, sorted by id. */
  list(): Array<Pick<TemplateAction, 'id' | 'description' | 'examples' | 'schema'>> {
    return [...this.#actions.values()]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, description, examples, schema }) => ({ id, description, examples, schema }));
  }
}
