// The error for a plugin that registers permissions, rules or resource types in a way that can't work.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** What was registered contradicts itself, or what is registered already. */
export class PermissionRegistrationError extends GreenroomError {
  /** @param options - `message` is one sentence without a full stop that names the subject, `hint` says what to do */
  constructor(options: { pluginId: string; message: string; hint: string }) {
    super({
      code: 'GR_PERMISSION_REGISTRATION',
      message: options.message,
      path: [`plugin '${options.pluginId}'`, `service 'core.permissionsRegistry'`],
      hint: options.hint,
    });
  }
}
