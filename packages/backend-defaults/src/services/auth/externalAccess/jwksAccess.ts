// External callers whose tokens are signed by another issuer.
import type { JWTPayload } from 'jose';
import { InvalidConfigValueError } from '../../../config/InvalidConfigValueError';
import { isUrlOf, webProtocols } from '../../../config/isUrlOf';
import type { ExternalAccessEntry } from '../config';
import { type KeySearch, RemoteKeySet } from '../keys/RemoteKeySet';
import { signatureAlgorithms } from '../signatureAlgorithms';
import { TokenRejection } from '../TokenRejection';
import { readUnverifiedToken, showClaim } from '../UnverifiedToken';
import { verifyJwt } from '../verifyJwt';
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

  const checks = { algorithms, issuer, audience, requiredClaims: ['sub', 'exp'] };

  async function verifyNamed(token: string, search?: KeySearch): Promise<JWTPayload> {
    const findKey = async ({ kid }: { kid?: unknown }) => {
      // The library does not check that it is text.
      const found = typeof kid === 'string' ? await keys.find(kid, search) : undefined;
      if (found) return found;
      throw new TokenRejection(`its key ${showClaim(kid)} is unknown at the issuer of ${configKey}`);
    };
    return verifyJwt(token, findKey, checks);
  }

  /** While an issuer replaces its key it has several, and any of them proves that a token is its own. */
  async function verifyUnnamed(token: string, algorithm: string, search?: KeySearch): Promise<JWTPayload> {
    for await (const candidate of keys.candidates(algorithm, search)) {
      try {
        return await verifyJwt(token, async () => candidate, checks);
      } catch (error) {
        // The signature was right.
        if (String((error as { code?: unknown }).code).startsWith('ERR_JWT_')) throw error;
      }
    }
    throw new TokenRejection(`it names no key, and fits none of the issuer of ${configKey}`);
  }

  return {
    concerns: ({ header, payload }) =>
      header.alg !== 'HS256' && (issuer === undefined || issuer.includes(payload.iss as string)),
    async verify(token, search) {
      const { alg, kid } = readUnverifiedToken(token)!.header;
      const isUnnamed = kid === undefined && algorithms.includes(alg as string);
      const payload = await (isUnnamed
        ? verifyUnnamed(token, alg as string, search)
        : verifyNamed(token, search));
      return { subject: `${subjectPrefix}${payload.sub}`, restrictions };
    },
  };
}
