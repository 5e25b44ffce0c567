// Who calls from outside. Types only.
import type { AccessRestrictions } from './readAccessRestrictions';

/** A caller from outside. */
export interface ExternalCaller {
  /** As it is configured; for the type `jwks`, the token's subject with `external:` in front. */
  subject: string;
  /** Absent for access to everything. */
  restrictions?: AccessRestrictions;
}
