// The public keys of an issuer, fetched over HTTP and cached.
import { fetchDurably } from '@greenroom/backend-plugin-api';
import { isGreenroomError } from '@greenroom/backend-plugin-api/internal';
import { KeysUnavailable } from '../TokenRejection';
import type { PublicKey } from './PluginKeySource';
import { RefetchBudget } from './RefetchBudget';

const fetchTimeoutMs = 5_000;
/** If there is a fallback key: how long a fetch takes at most, and is waited for. */
const briefTimeoutMs = 1_000;
/** After a failed fetch if there is a fallback key, and before a fetch for a token that names none if any are usable. */
const pauseMs = 10_000;
const mostKeys = 1_000;
/** How many keys are tried for a token that names none. */
const mostCandidates = 16;

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

type Keys = ReadonlyMap<string | number, PublicKey>;

/** Options of a search in a {@link RemoteKeySet}. */
export interface KeySearch {
  /** Whether keys are fetched only because of their age, and not because one is missing. Default: false. */
  onlyIfDue?: boolean;
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
  #keys: Keys = new Map();
  #fetchedAt = -Infinity;
  #failedAt = -Infinity;
  /** Of the last fetch, if it failed. */
  #failure: KeysUnavailable | undefined;
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
   * Returns the key with an ID; `undefined` if the issuer does not have it, or if that can't be determined without a
   * fetch that is not due. Rejects with `KeysUnavailable` if it can't be determined.
   */
  find(keyId: string, search?: KeySearch): Promise<PublicKey | undefined> {
    return this.#search(keys => keys.get(keyId), search);
  }

  /**
   * Yields the keys that may verify a token that names none: those known, and then those of another fetch, unless keys
   * are usable and the last fetch or failure was less than ten seconds ago. Rejects with `KeysUnavailable`, after the
   * known ones, if the last fetch failed or fetches are used up; with `onlyIfDue`, only if no usable one is for the
   * algorithm.
   */
  async *candidates(algorithm: string, { onlyIfDue = false }: KeySearch = {}): AsyncGenerator<PublicKey> {
    const pick = (keys: Keys) => {
      const fitting = [...keys.values()].filter(key => isFor(algorithm, key));
      return fitting.length > 0 ? fitting.slice(0, mostCandidates) : undefined;
    };
    const known = await this.#search(pick, { onlyIfDue: true });
    const tried = this.#keys;
    yield* known ?? [];
    // So rarely that enough of the budget is left for tokens that name their key.
    const isPaused =
      this.#isYoungerThan(usableFor) && [this.#fetchedAt, this.#failedAt].some(time => isRecent(time));
    if (!onlyIfDue && !isPaused) {
      await (this.#inFlight ?? this.#startFetch({ isBrief: known !== undefined }));
    }
    if (this.#keys !== tried) yield* pick(this.#keys) ?? [];
    if (!onlyIfDue && this.#failure) throw this.#failure;
  }

  async #search<T>(
    pick: (keys: Keys) => T | undefined,
    { onlyIfDue = false }: KeySearch = {},
  ): Promise<T | undefined> {
    const find = (maxAge: number) => (this.#isYoungerThan(maxAge) ? pick(this.#keys) : undefined);
    const known = find(freshFor);
    if (known || (onlyIfDue && this.#isYoungerThan(freshFor))) return known;
    const fallback = find(usableFor);
    if (fallback) {
      if (isRecent(this.#failedAt)) return fallback;
      const before = this.#keys;
      // The fetch in flight may be one that is not brief.
      await waitBriefly(this.#inFlight ?? this.#startFetch({ isBrief: true }));
      return this.#keys === before ? fallback : pick(this.#keys);
    }
    if (this.#inFlight) {
      await this.#inFlight.catch(() => {});
      const found = find(freshFor);
      if (found || (onlyIfDue && this.#isYoungerThan(freshFor))) return found;
    }
    if (onlyIfDue && isRecent(this.#failedAt)) return undefined;
    // A fetch in flight at this point began after this call, so it includes any key that the caller has seen.
    await (this.#inFlight ?? this.#startFetch({ isBrief: false }));
    return find(freshFor);
  }

  #isYoungerThan(maxAge: number): boolean {
    const age = Date.now() - this.#fetchedAt;
    // If the clock was set back, nobody knows how old they are, but that they were good once.
    return age < maxAge && age >= (maxAge === usableFor ? -usableFor : 0);
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
      this.#failure = undefined;
    } catch (error) {
      this.#failedAt = Date.now();
      const from = url === undefined || isGreenroomError(error) ? '' : ` from ${url}`;
      const reason = isGreenroomError(error) ? error.what : (error as Error).message;
      this.#failure = new KeysUnavailable(`the keys can't be fetched${from}: ${reason}`);
      throw this.#failure;
    }
  }
}

/** Also if the clock was set back a little meanwhile. */
function isRecent(time: number): boolean {
  return Math.abs(Date.now() - time) < pauseMs;
}

/** Resolves when a fetch has ended, in whatever way, or after the brief timeout. */
function waitBriefly(fetching: Promise<void>): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, briefTimeoutMs);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    fetching.then(end, end);
  });
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
