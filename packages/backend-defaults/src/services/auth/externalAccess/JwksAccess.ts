// Callers from outside whose tokens another issuer signs.
import { InvalidConfigValueError } from '../../../InvalidConfigValueError';
import type { ExternalAccessEntry } from '../config';
import { RemoteKeySet } from '../keys/RemoteKeySet';
import { signatureAlgorithms } from '../signatureAlgorithms';
import { TokenRejection } from '../TokenRejection';
import { showClaim, type UnverifiedToken } from '../UnverifiedToken';
import type { ExternalCaller } from './ExternalCaller';
import { readWordList } from './readWordList';

/** One entry of the type `jwks`. */
export class JwksAccess {
  readonly configKey: string;
  readonly #keys: RemoteKeySet;
  readonly #algorithms: string[];
  readonly #issuers: string[] | undefined;
  readonly #audiences: string[] | undefined;
  readonly #subjectPrefix: string;
  readonly #restrictions: ExternalAccessEntry['restrictions'];

  constructor({ configKey, options, restrictions }: ExternalAccessEntry) {
    const key = `${configKey}.options`;
    const url = options.getString('url');
    if (!URL.canParse(url) || !/^https?:/.test(url)) {
      throw new InvalidConfigValueError(`${key}.url`, `is '${url}', and must be an http or https URL`);
    }
    const prefix = options.getOptionalString('subjectPrefix');
    this.configKey = configKey;
    this.#keys = new RemoteKeySet({ url: () => url });
    this.#algorithms = readAlgorithms(readWordList(options, 'algorithm', key), key);
    this.#issuers = readWordList(options, 'issuer', key);
    this.#audiences = readWordList(options, 'audience', key);
    this.#subjectPrefix = prefix === undefined ? 'external:' : `external:${prefix}:`;
    this.#restrictions = restrictions;
  }

  /** Whether the token may be of this entry. */
  concerns({ header, payload }: UnverifiedToken): boolean {
    return (
      header.alg !== 'HS256' && (this.#issuers === undefined || this.#issuers.includes(payload.iss as string))
    );
  }

  /** Rejects with `TokenRejection`, `KeysUnavailable`, or an error of the JWT library. */
  async verify(token: string): Promise<ExternalCaller> {
    const { jwtVerify } = await import('jose');
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = typeof kid === 'string' ? await this.#keys.find(kid) : undefined;
        if (!key) {
          throw new TokenRejection(`its key ${showClaim(kid)} is unknown at the issuer of ${this.configKey}`);
        }
        return key;
      },
      {
        algorithms: this.#algorithms,
        issuer: this.#issuers,
        audience: this.#audiences,
        requiredClaims: ['sub', 'exp'],
      },
    );
    return { subject: `${this.#subjectPrefix}${payload.sub}`, restrictions: this.#restrictions };
  }
}

function readAlgorithms(algorithms: string[] | undefined, key: string): string[] {
  const wrong = algorithms?.find(algorithm => !signatureAlgorithms.includes(algorithm));
  if (wrong !== undefined) {
    throw new InvalidConfigValueError(
      `${key}.algorithm`,
      `has '${wrong}', and may have ${signatureAlgorithms.join(', ')}`,
    );
  }
  return algorithms ?? signatureAlgorithms;
}
