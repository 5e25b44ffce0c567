// The error for a request that the permission plugin did not answer with a decision.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** The permission plugin is unreachable, refused to decide, or gave an invalid answer. */
export class PermissionRequestError extends GreenroomError {
  /** @param problem - worded to continue a sentence: `it answered 503 Service Unavailable` */
  constructor(options: {
    pluginId: string;
    permissions: readonly string[];
    problem: string;
    cause?: unknown;
  }) {
    const { pluginId, permissions, problem, cause } = options;
    const names = [...new Set(permissions)];
    const shown =
      names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
    super({
      code: 'GR_PERMISSION_REQUEST',
      message: `Plugin '${pluginId}' asked the permission plugin about ${shown} and got no decision: ${problem}`,
      path: [`plugin '${pluginId}'`, `service 'core.permissions'`, `plugin 'permission'`],
      hint: 'Check that the permission plugin is installed and that discovery leads to it, or set permission.enabled to false.',
      cause,
    });
  }
}
