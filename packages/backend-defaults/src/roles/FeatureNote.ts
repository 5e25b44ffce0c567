// Says why a feature of a role is in a backend or not.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';
import type { ConfiguredRoles } from './readRoles';

/** What `backend.check()` reports with severity `info`. */
export class FeatureNote extends GreenroomError {
  constructor(
    feature: { readonly name: string; readonly roles: readonly string[]; readonly isTaken: boolean },
    { roles, from }: ConfiguredRoles,
  ) {
    const { name, isTaken } = feature;
    const belongs = `it belongs to ${worded(feature.roles)}`;
    const set = from ? `${from} sets ${worded(roles)}` : 'no role is set, so this backend has all';
    super({
      code: isTaken ? 'GR_FEATURE_TAKEN' : 'GR_FEATURE_LEFT_OUT',
      message: `${name} is ${isTaken ? 'taken' : 'left out'}: ${belongs}, and ${set}`,
    });
  }
}

function worded(roles: readonly string[]): string {
  return `${roles.length === 1 ? 'role' : 'roles'} ${roles.map(role => `'${role}'`).join(', ')}`;
}
