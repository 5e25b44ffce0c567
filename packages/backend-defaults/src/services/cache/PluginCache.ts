// The cache of one plugin: JSON values with a key prefix, in a store shared by all plugins.
import type {
  CacheService,
  CacheServiceOptions,
  CacheServiceSetOptions,
} from '@greenroom/backend-plugin-api';
import type { JsonValue } from '@backstage/types';
import type { CacheStore } from './CacheStore';
import { readTtl } from './readTtl';

/**
 * Caches JSON values. `get` returns a copy.
 *
 * @public
 */
export class PluginCache implements CacheService {
  readonly #store: CacheStore;
  readonly #options: { prefix: string; defaultTtl?: number; onRead?: (hit: boolean) => void };

  /**
   * @param options - `prefix` is prepended to every key; `defaultTtl` is in milliseconds; `onRead` is called for each
   * `get`.
   */
  constructor(
    store: CacheStore,
    options: { prefix: string; defaultTtl?: number; onRead?: (hit: boolean) => void },
  ) {
    this.#store = store;
    this.#options = options;
  }

  async get<TValue extends JsonValue>(key: string): Promise<TValue | undefined> {
    const text = await this.#store.get(this.#keyOf(key));
    this.#options.onRead?.(text !== undefined);
    return text === undefined ? undefined : parse<TValue>(text);
  }

  async set(key: string, value: JsonValue, options?: CacheServiceSetOptions): Promise<void> {
    const stored = this.#keyOf(key);
    const ttl = options?.ttl === undefined ? this.#options.defaultTtl : readTtl(options.ttl);
    const text: string | undefined = JSON.stringify(value);
    // Untyped callers may pass undefined, which JSON can't express. A later `get` returns the same either way.
    await (text === undefined ? this.#store.delete(stored) : this.#store.set(stored, text, ttl));
  }

  delete(key: string): Promise<void> {
    return this.#store.delete(this.#keyOf(key));
  }

  /** Half surrogates are escaped, as UTF-8 has only one replacement for all of them. */
  #keyOf(key: string): string {
    return (this.#options.prefix + key).replace(/\p{Surrogate}/gu, half => JSON.stringify(half));
  }

  withOptions({ defaultTtl }: CacheServiceOptions = {}): CacheService {
    const changed = defaultTtl === undefined ? {} : { defaultTtl: readTtl(defaultTtl) };
    return new PluginCache(this.#store, { ...this.#options, ...changed });
  }
}

// Others may write to a shared store too, so its content may be invalid.
function parse<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
