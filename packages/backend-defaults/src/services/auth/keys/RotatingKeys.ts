// Signing keys that rotate hourly. Private keys stay in memory; public keys are shared through the plugin's database.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { generateKeyPair, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyTable } from './KeyTable';
import type { PluginKeySource, PublicKey, SigningKey } from './PluginKeySource';

const hour = 60 * 60_000;
const signsFor = hour;
/** How long the next key is published before its first use. Longer than others cache a key set. */
const publishedAhead = 15 * 60_000;
/**
 * How often a signing instance checks that its keys are still published: a database may have been restored from a
 * backup.
 */
const checkedEvery = 60_000;
/** The pause after the next key could not be stored. Without it every request would try again. */
const pause = 10_000;
/** How long a key is published after its last use: the longest life of a token, plus a margin for clock differences. */
const outlivesBy = hour + 15 * 60_000;

interface RotatingKey extends SigningKey {
  jwk: PublicKey & { kid: string };
  /** By the clock of the machine, and by the monotonic one. */
  signsUntil: { clock: number; monotonic: number };
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
    if (isGood(this.#current)) {
      const isNextDue = timeLeft(this.#current) <= publishedAhead && !isGood(this.#next);
      if (isNextDue && !this.#creating && Math.abs(now - this.#failedAt) >= pause) this.#prepareNext();
      // Requests for the keys may reach another instance every time, which only knows the keys in the database.
      if (Math.abs(now - this.#checkedAt) >= checkedEvery) void this.listPublicKeys().catch(() => {});
      return this.#current;
    }
    this.#current = isGood(this.#next) ? this.#next : await this.#create(signsFor);
    this.#next = undefined;
    return this.#current;
  }

  /** Includes the instance's own keys, and restores them if they were deleted: it keeps signing with those in memory. */
  async listPublicKeys(): Promise<PublicKey[]> {
    this.#checkedAt = Date.now();
    const keys = await this.#table.list();
    const lost = [this.#current, this.#next].filter(
      key => isGood(key) && !keys.some(({ kid }) => kid === key.keyId),
    ) as RotatingKey[];
    for (const key of lost) {
      keys.push(key.jwk);
      await this.#table
        .add(key.jwk, timeLeft(key) + outlivesBy)
        .catch(error => this.#logger.warn('A signing key that was deleted could not be put back', error));
    }
    return keys;
  }

  #prepareNext(): void {
    this.#create(timeLeft(this.#current!) + signsFor).then(
      key => {
        // If the current key has expired meanwhile, a request may have taken this one already.
        if (key !== this.#current) {
          this.#next = key;
        }
      },
      // The current key still works, and there is time to try again.
      error => {
        this.#failedAt = Date.now();
        this.#logger.warn('The next signing key could not be stored', error as Error);
      },
    );
  }

  #create(lastsMs: number): Promise<RotatingKey> {
    this.#creating ??= this.#generate(lastsMs).finally(() => (this.#creating = undefined));
    return this.#creating;
  }

  async #generate(lastsMs: number): Promise<RotatingKey> {
    const signsUntil = { clock: Date.now() + lastsMs, monotonic: performance.now() + lastsMs };
    const { publicKey, privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
    const keyId = randomUUID();
    const algorithm = 'ES256';
    const jwk = {
      ...publicKey.export({ format: 'jwk' }),
      kid: keyId,
      alg: algorithm,
      use: 'sig',
    } as PublicKey & {
      kid: string;
    };
    await this.#table.add(jwk, lastsMs + outlivesBy);
    return { keyId, algorithm, privateKey, signsUntil, jwk };
  }
}

function isGood(key: RotatingKey | undefined): key is RotatingKey {
  return key !== undefined && timeLeft(key) > 0;
}

/** In whole milliseconds, by both clocks: the one may be set back, the other may stand still while the machine is suspended. */
function timeLeft({ signsUntil: { clock, monotonic } }: RotatingKey): number {
  return Math.floor(Math.min(clock - Date.now(), monotonic - performance.now()));
}
