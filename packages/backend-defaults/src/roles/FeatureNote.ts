// Says why a feature of a role is in a backend or not.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';
import type { ConfiguredRoles } from './readRoles';

/** What `backend.check()` reports with severity `info`. */
export class FeatureNote extends GreenroomError {
  constructor(
    feature: string,
    itsRoles: readonly string[],
    { roles, from }: ConfiguredRoles,
    taken: boolean,
  ) {
    const belongs = `it belongs to ${worded(itsRoles)}`;
    const set = from ? `${from} sets ${worded(roles)}` : 'no role is set, so this backend has all';
    super({
      code: taken ? 'GR_FEATURE_TAKEN' : 'GR_FEATURE_LEFT_OUT',
      message: `${feature} is ${taken ? 'taken' : 'left out'}: ${belongs}, and ${set}`,
    });
  }
}

function worded(roles: readonly string[]): string {
  return `${roles.length === 1 ? 'role' : 'roles'} ${roles.map(role => `'${role}'`).join(', ')}`;
}
