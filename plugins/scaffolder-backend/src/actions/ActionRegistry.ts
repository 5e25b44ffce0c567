// The actions that steps can use, by their ids.
import { ConflictError, NotFoundError } from '@backstage/errors';
import type { TemplateAction, TemplateExample } from '@greenroom/plugin-scaffolder-node';

/** An action as it is told to those who write templates. */
export interface ActionDescription {
  id: string;
  description?: string;
  examples?: TemplateExample[];
  schema?: TemplateAction['schema'];
}

/** Holds the actions. */
export class ActionRegistry {
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly #actions = new Map<string, TemplateAction<any, any, any>>();

  /** @throws ConflictError if there is an action of that id. */
  // oxlint-disable-next-line typescript/no-explicit-any
  register(action: TemplateAction<any, any, any>): void {
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

  /** All of them, by id. */
  list(): ActionDescription[] {
    return [...this.#actions.values()]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, description, examples, schema }) => ({ id, description, examples, schema }));
  }
}
