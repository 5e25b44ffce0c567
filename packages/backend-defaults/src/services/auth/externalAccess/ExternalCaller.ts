// External callers, and how they are verified by their JWTs. Types only.
import type { KeySearch } from '../keys/RemoteKeySet';
import type { UnverifiedToken } from '../UnverifiedToken';
import type { AccessRestrictions } from './readAccessRestrictions';

/** An external caller. */
export interface ExternalCaller {
  /**
   * As configured; for `jwks`, the token's subject with the prefix `external:`; for other types, as their handler says.
   */
  subject: string;
  /** Undefined for unrestricted access. */
  restrictions?: AccessRestrictions;
}

/** An entry whose callers present JWTs. */
export interface JwtAccess {
  /** Whether the token may belong to this entry. */
  concerns(token: UnverifiedToken): boolean;
  /** Rejects with `TokenRejection`, `KeysUnavailable`, or an error of the JWT library. */
  verify(token: string, search?: KeySearch): Promise<ExternalCaller>;
}
