// Callers from outside who share a secret with the backend.
import { InvalidConfigValueError } from '../../../InvalidConfigValueError';
import type { ExternalAccessEntry } from '../config';
import type { UnverifiedToken } from '../UnverifiedToken';
import type { ExternalCaller } from './ExternalCaller';
import { readSubject } from './staticAccess';

const legacySubject = 'backstage-server';

/** One entry of the type `legacy`, or of the older `backend.auth.keys`. */
export class LegacyAccess {
  readonly configKey: string;
  readonly #secret: Buffer;
  readonly #caller: ExternalCaller;

  constructor({ configKey, options, restrictions }: ExternalAccessEntry) {
    const old = configKey.startsWith('backend.auth.keys');
    const key = old ? configKey : `${configKey}.options`;
    const secret = options.getString('secret');
    this.configKey = configKey;
    this.#secret = Buffer.from(secret, 'base64');
    if (!/^[\w+/-]+={0,2}$/.test(secret) || this.#secret.length === 0) {
      throw new InvalidConfigValueError(`${key}.secret`, 'must be base64 text');
    }
    const subject = old
      ? 'external:backstage-plugin'
      : readSubject(options.getString('subject'), `${key}.subject`);
    this.#caller = { subject, restrictions };
  }

  /** Whether the token claims to be of this kind. */
  concerns({ header, payload }: UnverifiedToken): boolean {
    return header.alg === 'HS256' && payload.sub === legacySubject;
  }

  /** Rejects with an error of the JWT library for a token that is not signed with this secret, or has expired. */
  async verify(token: string): Promise<ExternalCaller> {
    const { jwtVerify } = await import('jose');
    await jwtVerify(token, this.#secret, {
      algorithms: ['HS256'],
      requiredClaims: ['exp'],
      subject: legacySubject,
    });
    return this.#caller;
  }
}
