// The interface of a plugin's cache.
import type { HumanDuration, JsonValue } from '@backstage/types';

/** Options of {@link CacheService.set}. */
export type CacheServiceSetOptions = {
  /** How long to keep the value; a number is in milliseconds. Defaults to the default of the client. */
  ttl?: number | HumanDuration;
};

/** Options of {@link CacheService.withOptions}. */
export type CacheServiceOptions = {
  /** How long to keep values that are set without a `ttl`; a number is in milliseconds. Defaults to no limit. */
  defaultTtl?: number | HumanDuration;
};

/** Keeps values for a while. Keys are private to the plugin; any value may be gone at any time. */
export interface CacheService {
  /** The value stored for `key`, or `undefined`. */
  get<TValue extends JsonValue>(key: string): Promise<TValue | undefined>;
  /** Stores `value` for `key`. */
  set(key: string, value: JsonValue, options?: CacheServiceSetOptions): Promise<void>;
  /** Removes what is stored for `key`, if anything. */
  delete(key: string): Promise<void>;
  /** A cache over the same values with other options. */
  withOptions(options: CacheServiceOptions): CacheService;
}
