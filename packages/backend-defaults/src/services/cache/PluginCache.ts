// The cache of one plugin: JSON values under keys of its own, over a store that all plugins share.
import type {
  CacheService,
  CacheServiceOptions,
  CacheServiceSetOptions,
} from '@greenroom/backend-plugin-api';
import type { JsonValue } from '@backstage/types';
import type { CacheStore } from './CacheStore';
import { readTtl } from './readTtl';

/**
 * Keeps JSON values; what `get` gives is a copy.
 *
 * @public
 */
export class PluginCache implements CacheService {
  readonly #store: CacheStore;
  readonly #prefix: string;
  readonly #defaultTtl: number | undefined;
  readonly #onRead: ((hit: boolean) => void) | undefined;

  /** @param options - `prefix` goes before every key; `defaultTtl` is in milliseconds; `onRead` is told of each `get`. */
  constructor(
    store: CacheStore,
    options: { prefix: string; defaultTtl?: number; onRead?: (hit: boolean) => void },
  ) {
    this.#store = store;
    this.#prefix = options.prefix;
    this.#defaultTtl = options.defaultTtl;
    this.#onRead = options.onRead;
  }

  async get<TValue extends JsonValue>(key: string): Promise<TValue | undefined> {
    const text = await this.#store.get(this.#prefix + key);
    this.#onRead?.(text !== undefined);
    return text === undefined ? undefined : parse<TValue>(text);
  }

  async set(key: string, value: JsonValue, options?: CacheServiceSetOptions): Promise<void> {
    const ttl = options?.ttl === undefined ? this.#defaultTtl : readTtl(options.ttl);
    const text: string | undefined = JSON.stringify(value);
    // Callers without types give undefined, which JSON can't tell; a later get answers the same either way.
    await (text === undefined
      ? this.#store.delete(this.#prefix + key)
      : this.#store.set(this.#prefix + key, text, ttl));
  }

  delete(key: string): Promise<void> {
    return this.#store.delete(this.#prefix + key);
  }

  withOptions(options: CacheServiceOptions): CacheService {
    const defaultTtl = options.defaultTtl === undefined ? this.#defaultTtl : readTtl(options.defaultTtl);
    return new PluginCache(this.#store, { prefix: this.#prefix, defaultTtl, onRead: this.#onRead });
  }
}

// Whoever else writes to a shared store may have left something there that is not ours.
function parse<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
