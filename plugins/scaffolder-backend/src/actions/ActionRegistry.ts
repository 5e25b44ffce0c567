// The actions that steps can use, by their ids.
import { ConflictError, NotFoundError } from '@backstage/errors';
import type { TemplateAction } from '@greenroom/plugin-scaffolder-node';

/** Each has input and output of its own. */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyAction = TemplateAction<any, any, any>;

/** Holds the actions. */
export class ActionRegistry {
  readonly #actions = new Map<string, AnyAction>();

  /** @throws ConflictError if there is an action of that id. */
  register(action: AnyAction): void {
    if (this.#actions.has(action.id)) {
      throw new ConflictError(
        `The action '${action.id}' is registered twice. Leave one of the modules out that add it, or rename it.`,
      );
    }
    this.#actions.set(action.id, action);
  }

  /** @throws NotFoundError if there is none. */
  get(id: string): TemplateAction {
    const action = this.#actions.get(id);
    if (!action) throw new NotFoundError(`There is no action '${id}'. Add the module that has it.`);
    return action;
  }

  /** What is told of all of them to those who write templates, by id. */
  list(): Array<Pick<TemplateAction, 'id' | 'description' | 'examples' | 'schema'>> {
    return [...this.#actions.values()]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, description, examples, schema }) => ({ id, description, examples, schema }));
  }
}
