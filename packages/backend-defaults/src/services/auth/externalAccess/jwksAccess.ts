// External callers whose tokens are signed by another issuer.
import { InvalidConfigValueError } from '../../../config/InvalidConfigValueError';
import { isUrlOf, webProtocols } from '../../../config/isUrlOf';
import { clockTolerance } from '../clockTolerance';
import type { ExternalAccessEntry } from '../config';
import { RemoteKeySet } from '../keys/RemoteKeySet';
import { signatureAlgorithms } from '../signatureAlgorithms';
import { TokenRejection } from '../TokenRejection';
import { showClaim } from '../UnverifiedToken';
import type { JwtAccess } from './ExternalCaller';
import { readWordList } from '../../../config/readWordList';

/** Creates the access for an entry of type `jwks`. Throws `InvalidConfigValueError`. */
export function jwksAccess({ configKey, options, restrictions }: ExternalAccessEntry): JwtAccess {
  const key = `${configKey}.options`;
  const url = options.getString('url');
  if (!isUrlOf(webProtocols, url)) {
    throw new InvalidConfigValueError(`${key}.url`, `is '${url}', and must be an http or https URL`);
  }
  const keys = new RemoteKeySet({ url: () => url });
  const algorithms = readWordList(options, 'algorithm', key, signatureAlgorithms) ?? signatureAlgorithms;
  const issuer = readWordList(options, 'issuer', key);
  const audience = readWordList(options, 'audience', key);
  const prefix = options.getOptionalString('subjectPrefix');
  const subjectPrefix = prefix === undefined ? 'external:' : `external:${prefix}:`;

  async function findKey({ kid, alg }: { kid?: unknown; alg?: string }) {
    let found;
    if (kid === undefined) found = await keys.find({ algorithm: alg! });
    // The library does not check that it is text.
    else if (typeof kid === 'string') found = await keys.find(kid);
    if (found) return found;
    throw new TokenRejection(
      kid === undefined
        ? `it names no key, and the issuer of ${configKey} has not exactly one for it`
        : `its key ${showClaim(kid)} is unknown at the issuer of ${configKey}`,
    );
  }

  return {
    concerns: ({ header, payload }) =>
      header.alg !== 'HS256' && (issuer === undefined || issuer.includes(payload.iss as string)),
    async verify(token) {
      const { jwtVerify } = await import('jose');
      const checks = { algorithms, issuer, audience, requiredClaims: ['sub', 'exp'], clockTolerance };
      const { payload } = await jwtVerify(token, findKey, checks);
      return { subject: `${subjectPrefix}${payload.sub}`, restrictions };
    },
  };
}
