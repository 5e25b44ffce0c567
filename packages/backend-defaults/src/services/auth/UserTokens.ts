// Verifies the tokens that the auth plugin issues for users, and derives limited tokens from them.
import type { DiscoveryService } from '@greenroom/backend-plugin-api';
import type { PluginKeySets } from './keys/PluginKeySets';
import { describeToken, readUnverifiedToken } from './UnverifiedToken';
import { verifySigned } from './verifySigned';

const fullType = 'vnd.backstage.user';
const limitedType = 'vnd.backstage.limited-user';

/** A user whose token has been verified. */
export interface VerifiedUser {
  userEntityRef: string;
  expiresAt: Date;
  limited: boolean;
}

/**
 * Full and limited user tokens.
 *
 * @public
 */
export class UserTokens {
  readonly #keySets: PluginKeySets;
  readonly #discovery: DiscoveryService;

  constructor(options: { keySets: PluginKeySets; discovery: DiscoveryService }) {
    this.#keySets = options.keySets;
    this.#discovery = options.discovery;
  }

  /** Returns the user, or `undefined` for a token of another kind. Rejects with `TokenRejection` or `KeysUnavailable`. */
  async verify(token: string): Promise<VerifiedUser | undefined> {
    const unverified = readUnverifiedToken(token);
    const typ = unverified?.header.typ;
    if (!unverified || (typ !== fullType && typ !== limitedType)) {
      return undefined;
    }
    const fields = describeToken(unverified);
    const keys = this.#keySets.ofUsers(this.#discovery);
    const { payload } = await verifySigned(
      token,
      { keys, fields, issuer: () => 'the auth plugin' },
      {
        typ,
        requiredClaims: ['sub', 'iat', 'exp'],
        // Limited tokens carry no audience.
        ...(typ === fullType && { audience: 'backstage' }),
      },
    );
    return {
      userEntityRef: payload.sub!,
      expiresAt: new Date(payload.exp! * 1000),
      limited: typ === limitedType,
    };
  }

  /**
   * Returns the limited token that belongs to a verified user token, and whose signature the auth plugin puts in the
   * claim `uip`; `undefined` if there is none. Returns a limited token unchanged.
   */
  limit(token: string): { token: string; expiresAt: Date } | undefined {
    const unverified = readUnverifiedToken(token);
    if (!unverified) return undefined;
    const { header, payload } = unverified;
    const expiresAt = new Date(Number(payload.exp) * 1000);
    if (header.typ === limitedType) {
      return { token, expiresAt };
    }
    if (typeof payload.uip !== 'string') return undefined;
    // The signature covers these exact bytes, so the order of the fields matters.
    const parts = [
      { typ: limitedType, alg: header.alg, kid: header.kid },
      { sub: payload.sub, iat: payload.iat, exp: payload.exp },
    ].map(part => Buffer.from(JSON.stringify(part)).toString('base64url'));
    return { token: [...parts, payload.uip].join('.'), expiresAt };
  }
}
