// The public keys of an issuer, fetched over HTTP and cached.
import { fetchDurably } from '@greenroom/backend-plugin-api';
import { isGreenroomError } from '@greenroom/backend-plugin-api/internal';
import { KeysUnavailable } from '../TokenRejection';
import type { PublicKey } from './PluginKeySource';
import { RefetchBudget } from './RefetchBudget';

const fetchTimeoutMs = 5_000;
/** If there is a fallback key: the timeout of a fetch, and the pause after a failed one. */
const briefTimeoutMs = 1_000;
const pauseMs = 10_000;
const mostKeys = 1_000;

/** How long fetched keys are used, in milliseconds: without fetching again, and while the issuer can't be reached. */
const freshFor = 5 * 60_000;
const usableFor = 60 * 60_000;

/**
 * Options of {@link RemoteKeySet}.
 *
 * @public
 */
export interface RemoteKeySetOptions {
  /** The URL of the key set, determined before each fetch. */
  url: () => string | Promise<string>;
  /**
   * Applied, until the set is proven, in addition to the set's own limit of ten fetches at once and one more per
   * second.
   */
  sharedBudget?: RefetchBudget;
}

/**
 * A key set that is fetched on demand, and again if a key is missing or the keys are older than five minutes. While
 * the issuer can't be reached, known keys stay valid for an hour.
 *
 * @public
 */
export class RemoteKeySet {
  readonly #options: RemoteKeySetOptions;
  readonly #budget = new RefetchBudget({ burst: 10, perSecond: 1 });
  /** Keys without an ID have numbers. */
  #keys: ReadonlyMap<string | number, PublicKey> = new Map();
  #fetchedAt = -Infinity;
  #failedAt = -Infinity;
  #inFlight: Promise<void> | undefined;
  #proven = false;
  #emptyUrl: string | undefined;

  constructor(options: RemoteKeySetOptions) {
    this.#options = options;
  }

  /** Whether a token has been verified with it, which shows that the issuer really exists. */
  get isProven(): boolean {
    return this.#proven;
  }

  /** Called after a token has been verified with it. */
  prove(): void {
    this.#proven = true;
  }

  /** The URL of the last fetch, if it found nothing there. */
  get emptyUrl(): string | undefined {
    return this.#emptyUrl;
  }

  /**
   * Returns the key with an ID, or else the only one for an algorithm; `undefined` if the issuer does not have it. Rejects
   * with `KeysUnavailable` if that can't be determined.
   */
  async find(wanted: string | { algorithm: string }): Promise<PublicKey | undefined> {
    const known = this.#get(wanted, freshFor);
    if (known) return known;
    if (this.#inFlight) {
      await this.#inFlight.catch(() => {});
      const found = this.#get(wanted, freshFor);
      if (found) return found;
    }
    const fallback = this.#get(wanted, usableFor);
    if (fallback && Math.abs(Date.now() - this.#failedAt) < pauseMs) return fallback;
    try {
      // A fetch in flight at this point began after this call, so it includes any key that the caller has seen.
      await (this.#inFlight ?? this.#startFetch({ isBrief: fallback !== undefined }));
    } catch (error) {
      const usable = this.#get(wanted, usableFor);
      if (usable) return usable;
      throw error;
    }
    return this.#get(wanted, freshFor);
  }

  #get(wanted: string | { algorithm: string }, maxAge: number): PublicKey | undefined {
    const age = Date.now() - this.#fetchedAt;
    // If the clock was set back, nobody knows how old they are, but that they were good once.
    if (age >= maxAge || age < (maxAge === usableFor ? -usableFor : 0)) return undefined;
    if (typeof wanted === 'string') return this.#keys.get(wanted);
    const fitting = [...this.#keys.values()].filter(key => isFor(wanted.algorithm, key));
    return fitting.length === 1 ? fitting[0] : undefined;
  }

  /** A brief fetch, for which there is a fallback key, has a short timeout and only one attempt. */
  #startFetch(options: { isBrief: boolean }): Promise<void> {
    const shared = this.#proven ? undefined : this.#options.sharedBudget;
    if (!this.#budget.take() || shared?.take() === false) {
      return Promise.reject(new KeysUnavailable('the keys were fetched too often, try again in a second'));
    }
    this.#inFlight = this.#fetch(options).finally(() => (this.#inFlight = undefined));
    return this.#inFlight;
  }

  async #fetch({ isBrief }: { isBrief: boolean }): Promise<void> {
    let url: string | undefined;
    try {
      url = await this.#options.url();
      const begin = Date.now();
      const response = await fetchDurably(url, {
        timeoutMs: isBrief ? briefTimeoutMs : fetchTimeoutMs,
        ...(isBrief && { attempts: 1 }),
        headers: { accept: 'application/json' },
      });
      // 404 is a valid answer: the issuer has no keys.
      const absent = response.status === 404;
      if (!response.ok && !absent) {
        throw new Error(`status ${response.status}`);
      }
      this.#emptyUrl = absent ? url : undefined;
      this.#keys = absent ? new Map() : readKeySet(await response.json());
      this.#fetchedAt = begin;
    } catch (error) {
      this.#failedAt = Date.now();
      const from = url === undefined || isGreenroomError(error) ? '' : ` from ${url}`;
      const reason = isGreenroomError(error) ? error.what : (error as Error).message;
      throw new KeysUnavailable(`the keys can't be fetched${from}: ${reason}`);
    }
  }
}

const keyTypes: Readonly<Record<string, string>> = { RS: 'RSA', PS: 'RSA', ES: 'EC', Ed: 'OKP' };

const curves: Readonly<Record<string, string>> = {
  ES256: 'P-256',
  ES384: 'P-384',
  ES512: 'P-521',
  EdDSA: 'Ed25519',
  Ed25519: 'Ed25519',
};

function isFor(algorithm: string, { kty, crv, alg, key_ops: operations }: PublicKey): boolean {
  return (
    kty === keyTypes[algorithm.slice(0, 2)] &&
    (curves[algorithm] === undefined || crv === curves[algorithm]) &&
    (alg === undefined || alg === algorithm) &&
    (!Array.isArray(operations) || operations.includes('verify'))
  );
}

function readKeySet(body: unknown): Map<string | number, PublicKey> {
  const { keys } = (body ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys)) {
    throw new Error('the answer is not a key set');
  }
  const usable = (keys as Array<PublicKey | null>).filter(
    (key): key is PublicKey => key !== null && key.kty !== 'oct' && key.use !== 'enc',
  );
  return new Map(
    usable.slice(0, mostKeys).map((key, index) => [typeof key.kid === 'string' ? key.kid : index, key]),
  );
}
