// The error for an invalid registration of permissions, rules or resource types.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** A registration contradicts itself or an earlier one. */
export class PermissionRegistrationError extends GreenroomError {
  /** @param options - `message` is one sentence without a full stop that names the subject; `hint` says what to do */
  constructor(options: { pluginId: string; message: string; hint: string }) {
    super({
      code: 'GR_PERMISSION_REGISTRATION',
      message: options.message,
      path: [`plugin '${options.pluginId}'`, `service 'core.permissionsRegistry'`],
      hint: options.hint,
    });
  }
}
