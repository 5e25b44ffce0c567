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
  readonly #options: { prefix: string; defaultTtl?: number; onRead?: (hit: boolean) => void };

  /** @param options - `prefix` goes before every key; `defaultTtl` is in milliseconds; `onRead` is told of each `get`. */
  constructor(
    store: CacheStore,
    options: { prefix: string; defaultTtl?: number; onRead?: (hit: boolean) => void },
  ) {
    this.#store = store;
    this.#options = options;
  }

  async get<TValue extends JsonValue>(key: string): Promise<TValue | undefined> {
    const { prefix, onRead } = this.#options;
    const text = await this.#store.get(prefix + key);
    onRead?.(text !== undefined);
    return text === undefined ? undefined : parse<TValue>(text);
  }

  async set(key: string, value: JsonValue, options?: CacheServiceSetOptions): Promise<void> {
    const { prefix, defaultTtl } = this.#options;
    const ttl = options?.ttl === undefined ? defaultTtl : readTtl(options.ttl);
    const text: string | undefined = JSON.stringify(value);
    // Callers without types give undefined, which JSON can't tell; a later get answers the same either way.
    await (text === undefined ? this.#store.delete(prefix + key) : this.#store.set(prefix + key, text, ttl));
  }

  delete(key: string): Promise<void> {
    return this.#store.delete(this.#options.prefix + key);
  }

  withOptions({ defaultTtl }: CacheServiceOptions): CacheService {
    const changed = defaultTtl === undefined ? {} : { defaultTtl: readTtl(defaultTtl) };
    return new PluginCache(this.#store, { ...this.#options, ...changed });
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
