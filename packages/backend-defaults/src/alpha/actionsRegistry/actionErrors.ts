// The errors of plugins that offer actions.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

const pathOf = (pluginId: string) => [`plugin '${pluginId}'`, `service 'alpha.core.actionsRegistry'`];

/** An invalid action was registered. */
export class ActionRegistrationError extends GreenroomError {
  /** @param options - `message` is one sentence without a full stop that names the action; `hint` says what to do */
  constructor(options: { pluginId: string; message: string; hint: string; cause?: unknown }) {
    const { pluginId, message, hint, cause } = options;
    super({ code: 'GR_ACTION_REGISTRATION', message, path: pathOf(pluginId), hint, cause });
  }
}

/** The output of an action does not match its schema. Not an `InputError`, because the caller did nothing wrong. */
export class ActionOutputError extends GreenroomError {
  constructor({ pluginId, id, problems }: { pluginId: string; id: string; problems: string }) {
    super({
      code: 'GR_ACTION_OUTPUT',
      message: `The action '${id}' gave an output that does not fit its schema: ${problems}`,
      path: pathOf(pluginId),
      hint: 'Correct the action, or the output of its schema.',
    });
  }
}
