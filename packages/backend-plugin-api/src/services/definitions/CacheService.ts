// The interface of a plugin's cache.
import type { HumanDuration, JsonValue } from '@backstage/types';

/** Options of {@link CacheService.set}. */
export type CacheServiceSetOptions = {
  /** Time to live; a number is in milliseconds. Defaults to the `defaultTtl` of the cache. */
  ttl?: number | HumanDuration;
};

/** Options of {@link CacheService.withOptions}. */
export type CacheServiceOptions = {
  /** Time to live of values that are set without a `ttl`; a number is in milliseconds. Unlimited by default. */
  defaultTtl?: number | HumanDuration;
};

/** Caches values. Keys are private to the plugin. Any value may disappear at any time. */
export interface CacheService {
  /** Returns the value of `key`, or `undefined`. */
  get<TValue extends JsonValue>(key: string): Promise<TValue | undefined>;
  /** Stores a value under `key`. */
  set(key: string, value: JsonValue, options?: CacheServiceSetOptions): Promise<void>;
  /** Removes the value of `key`, if there is one. */
  delete(key: string): Promise<void>;
  /** Returns a cache with the same values but different options. */
  withOptions(options: CacheServiceOptions): CacheService;
}
