// Why a token is not accepted. The reason is for the log, never for the caller.
import type { JsonObject } from '@backstage/types';

/** A token was refused. `message` is the reason, worded to continue a sentence. */
export class TokenRejection extends Error {
  override readonly name = 'TokenRejection';

  /** @param fields - what the token claims, unverified */
  constructor(
    reason: string,
    readonly fields: JsonObject = {},
  ) {
    super(reason);
  }
}

/** The keys needed to verify a token are unavailable at the moment, so the token is neither valid nor invalid. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/**
 * Turns an error of verifying a token into a rejection, whatever its kind: for a key that is not for the token's
 * algorithm, the JWT library throws errors of other libraries. Returns our own errors unchanged.
 */
export function toRejection(error: unknown, fields: JsonObject): TokenRejection | KeysUnavailable {
  if (error instanceof TokenRejection || error instanceof KeysUnavailable) return error;
  const { code, claim, reason, message } = error as Record<'code' | 'claim' | 'reason', unknown> & Error;
  if (claim === 'nbf' && reason === 'check_failed') {
    return new TokenRejection(`it is not valid before ${asTime(fields.nbf)} ${clocks('early')}`, fields);
  }
  switch (code) {
    case 'ERR_JWT_EXPIRED':
      return new TokenRejection(`it expired at ${asTime(fields.exp)} ${clocks('old')}`, fields);
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return new TokenRejection('its signature does not fit its key', fields);
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      return new TokenRejection(`its claim '${claim as string}' is wrong: ${message}`, fields);
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
      return new TokenRejection(`its algorithm '${String(fields.alg)}' is not allowed`, fields);
    default:
      return new TokenRejection(message, fields);
  }
}

/** The same reason has a token that is used too late, or too soon, and a clock that is wrong: only people can tell which. */
function clocks(state: 'early' | 'old'): string {
  const here = `by the clock of its issuer, and here it is ${new Date().toISOString()}`;
  return `${here}. Unless it is that ${state}, the clock of either machine is wrong`;
}

function asTime(seconds: unknown): string {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? 'an unknown time' : date.toISOString();
}
