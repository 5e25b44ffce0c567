// The interface of a plugin's cache.
import type { HumanDuration, JsonValue } from '@backstage/types';

/** Options of {@link CacheService.set}. */
export type CacheServiceSetOptions = {
  /** Time to live; a number is in milliseconds, 0 means unlimited. Defaults to the `defaultTtl` of the cache. */
  ttl?: number | HumanDuration;
};

/** Options of {@link CacheService.withOptions}. */
export type CacheServiceOptions = {
  /**
   * Time to live of values that are set without a `ttl`; a number is in milliseconds, 0 means unlimited. Defaults to
   * that of the cache whose `withOptions` is called, and at first to `backend.cache.defaultTtl`, or else unlimited.
   */
  defaultTtl?: number | HumanDuration;
};

/** Caches values. Keys are private to the plugin. Any value may disappear at any time. */
export interface CacheService {
  /** Returns the value of `key`, or `undefined`. */
  get<TValue extends JsonValue>(key: string): Promise<TValue | undefined>;
  /** Stores a value under `key`. Rejects with code `GR_CACHE_TTL` for a `ttl` that is negative or not a duration. */
  set(key: string, value: JsonValue, options?: CacheServiceSetOptions): Promise<void>;
  /** Removes the value of `key`, if there is one. */
  delete(key: string): Promise<void>;
  /** Returns a cache with the same values but different options. Throws `GR_CACHE_TTL` for an invalid `defaultTtl`. */
  withOptions(options: CacheServiceOptions): CacheService;
}
