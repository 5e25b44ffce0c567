// The error for a role that a backend should have but does not know.
import { GreenroomError, nearestId } from '@greenroom/backend-plugin-api/internal';

/** A role was set that the backend's role loader does not have. */
export class RoleUnknownError extends GreenroomError {
  constructor(role: string, from: string, known: readonly string[]) {
    const { nearest } = nearestId(role, known);
    const meant = nearest === undefined ? '' : `. Did you mean '${nearest}'?`;
    const all = known.map(one => `'${one}'`).join(', ');
    super({
      code: 'GR_ROLE_UNKNOWN',
      message: `Role '${role}', set by ${from}, is not one of this backend's roles, which are ${all || 'none'}${meant}`,
    });
  }
}
