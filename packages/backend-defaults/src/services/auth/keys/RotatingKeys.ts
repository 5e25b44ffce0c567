// Signing keys that change every hour: private ones stay in memory, public ones are shared in the plugin's database.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { JWK } from 'jose';
import { generateKeyPair, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyTable } from './KeyTable';
import type { PluginKeySource, SigningKey } from './PluginKeySource';

const hour = 60 * 60_000;
const signsFor = hour;
/** The next key is published so long before its use, which is longer than others keep a key set without asking again. */
const publishedAhead = 15 * 60_000;
/** So often an instance that signs looks whether its keys are still published: a database may be put back to what it was. */
const checkedEvery = 60_000;
/** After a next key that could not be stored, for so long no other one is made: every request would try. */
const pause = 10_000;
/** The longest life of a token, and for clocks that differ. */
const outlivesBy = hour + 15 * 60_000;

interface RotatingKey extends SigningKey {
  jwk: JWK & { kid: string };
  signsUntil: number;
}

/**
 * The keys of one instance of a plugin. Nothing happens before the first call.
 *
 * @public
 */
export class RotatingKeys implements PluginKeySource {
  readonly #table: KeyTable;
  readonly #logger: LoggerService;
  #current: RotatingKey | undefined;
  #next: RotatingKey | undefined;
  #creating: Promise<RotatingKey> | undefined;
  #failedAt = -Infinity;
  #checkedAt = Date.now();

  constructor(table: KeyTable, logger: LoggerService) {
    this.#table = table;
    this.#logger = logger;
  }

  async getSigningKey(): Promise<SigningKey> {
    const now = Date.now();
    if (isGood(this.#current, now)) {
      const isNextDue = now >= this.#current.signsUntil - publishedAhead && !isGood(this.#next, now);
      if (isNextDue && !this.#creating && Math.abs(now - this.#failedAt) >= pause) this.#prepareNext();
      // Whoever asks for its keys may be led to another instance each time, which has only what is in the database.
      if (Math.abs(now - this.#checkedAt) >= checkedEvery) void this.listPublicKeys().catch(() => {});
      return this.#current;
    }
    this.#current = isGood(this.#next, now) ? this.#next : await this.#create(now + signsFor);
    this.#next = undefined;
    return this.#current;
  }

  /** With its own, which are put back where somebody has deleted them: it goes on signing with what is in its memory. */
  async listPublicKeys(): Promise<JWK[]> {
    const now = Date.now();
    this.#checkedAt = now;
    const keys = await this.#table.list();
    const lost = [this.#current, this.#next].filter(
      key => isGood(key, now) && !keys.some(({ kid }) => kid === key.keyId),
    ) as RotatingKey[];
    for (const { jwk, signsUntil } of lost) {
      keys.push(jwk);
      await this.#table
        .add(jwk, signsUntil + outlivesBy - now)
        .catch(error => this.#logger.warn('A signing key that was deleted could not be put back', error));
    }
    return keys;
  }

  #prepareNext(): void {
    this.#create(this.#current!.signsUntil + signsFor).then(
      key => {
        // A request that came after the current key's end may have taken it already.
        if (key !== this.#current) {
          this.#next = key;
        }
      },
      // The current key still signs, and there is time to try again.
      error => {
        this.#failedAt = Date.now();
        this.#logger.warn('The next signing key could not be stored', error as Error);
      },
    );
  }

  #create(signsUntil: number): Promise<RotatingKey> {
    this.#creating ??= this.#generate(signsUntil).finally(() => (this.#creating = undefined));
    return this.#creating;
  }

  async #generate(signsUntil: number): Promise<RotatingKey> {
    const { publicKey, privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
    const keyId = randomUUID();
    const algorithm = 'ES256';
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: keyId, alg: algorithm, use: 'sig' } as JWK & {
      kid: string;
    };
    await this.#table.add(jwk, signsUntil + outlivesBy - Date.now());
    return { keyId, algorithm, privateKey, signsUntil, jwk };
  }
}

function isGood(key: RotatingKey | undefined, now: number): key is RotatingKey {
  // A clock that was set back far would keep a key for longer than it is published.
  return key !== undefined && now < key.signsUntil && now > key.signsUntil - 3 * signsFor;
}
