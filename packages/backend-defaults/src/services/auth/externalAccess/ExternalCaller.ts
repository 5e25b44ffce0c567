// Who calls from outside, and how that is found out by a token. Types only.
import type { UnverifiedToken } from '../UnverifiedToken';
import type { AccessRestrictions } from './readAccessRestrictions';

/** A caller from outside. */
export interface ExternalCaller {
  /** As it is configured; for the type `jwks`, the token's subject with `external:` in front. */
  subject: string;
  /** Absent for access to everything. */
  restrictions?: AccessRestrictions;
}

/** One entry whose callers show JWTs. */
export interface JwtAccess {
  /** Whether the token may be of this entry. */
  concerns(token: UnverifiedToken): boolean;
  /** Rejects with `TokenRejection`, `KeysUnavailable`, or an error of the JWT library. */
  verify(token: string): Promise<ExternalCaller>;
}
