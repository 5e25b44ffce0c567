// Verifies JWTs whose issuers have clocks of their own.
import type { JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';

/**
 * In seconds: how much before its beginning, by the clock of this machine, a token is accepted. One that is over is refused
 * at once: its issuer's clock is checked by whoever renews it in time.
 */
const clockTolerance = 60;

/** Verifies a token and returns its claims. Rejects with an error of `jose`, or whatever `findKey` rejects with. */
export async function verifyJwt(
  token: string,
  findKey: JWTVerifyGetKey,
  checks: JWTVerifyOptions,
): Promise<JWTPayload> {
  const { errors, jwtVerify } = await import('jose');
  const { payload } = await jwtVerify(token, findKey, { ...checks, clockTolerance });
  // The tolerance of the library is for both ends.
  if (payload.exp !== undefined && payload.exp * 1000 <= Date.now()) {
    throw new errors.JWTExpired('"exp" is in the past', payload, 'exp', 'check_failed');
  }
  return payload;
}
