// Why a token is not accepted: for the log, never for the caller.
import type { JsonObject } from '@backstage/types';

/** A token was looked at and refused. `message` is the reason, continuing a sentence. */
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

/** The keys that a token has to be verified with can't be had at the moment, so that nothing is known about it. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/** The reason behind an error of the JWT library; other errors are given back as they are. */
export function toRejection(error: unknown, fields: JsonObject): unknown {
  const { code, claim, message } = error as { code?: unknown; claim?: unknown; message: string };
  if (typeof code !== 'string' || !code.startsWith('ERR_J')) return error;
  switch (code) {
    case 'ERR_JWT_EXPIRED':
      return new TokenRejection(`it expired at ${asTime(fields.exp)}`, fields);
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

function asTime(seconds: unknown): string {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? 'an unknown time' : date.toISOString();
}
