// External callers who share a secret with the backend.
import { InvalidConfigValueError } from '../../../config/InvalidConfigValueError';
import type { ExternalAccessEntry } from '../config';
import { verifyJwt } from '../verifyJwt';
import type { JwtAccess } from './ExternalCaller';
import { readSubject } from './staticAccess';

const legacySubject = 'backstage-server';

/**
 * Creates the access for an entry of type `legacy`, or of the older `backend.auth.keys`. Throws
 * `InvalidConfigValueError`.
 */
export function legacyAccess({ configKey, options, restrictions }: ExternalAccessEntry): JwtAccess {
  const old = configKey.startsWith('backend.auth.keys');
  const key = old ? configKey : `${configKey}.options`;
  const text = options.getString('secret');
  const secret = Buffer.from(text, 'base64');
  if (!/^[\w+/-]+={0,2}$/.test(text) || secret.length === 0) {
    throw new InvalidConfigValueError(`${key}.secret`, 'must be base64 text');
  }
  const subject = old
    ? 'external:backstage-plugin'
    : readSubject(options.getString('subject'), `${key}.subject`);
  return {
    concerns: ({ header, payload }) => header.alg === 'HS256' && payload.sub === legacySubject,
    async verify(token) {
      const checks = { algorithms: ['HS256'], requiredClaims: ['exp'], subject: legacySubject };
      await verifyJwt(token, async () => secret, checks);
      return { subject, restrictions };
    },
  };
}
