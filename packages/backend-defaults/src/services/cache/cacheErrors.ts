// The errors of the cache service. An unavailable store does not cause any.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** The package of the configured store is not installed, or can't be loaded. */
export class CacheStoreMissingError extends GreenroomError {
  constructor({ store, packageName, cause }: { store: string; packageName: string; cause: unknown }) {
    super({
      code: 'GR_CACHE_STORE_MISSING',
      message: `The cache store '${store}' needs the package '${packageName}', which can't be loaded`,
      hint: `Install it (npm install ${packageName}), or choose another store in backend.cache.store.`,
      cause,
    });
  }
}

/** An invalid time to live. */
export class CacheTtlError extends GreenroomError {
  constructor(ttl: unknown) {
    super({
      code: 'GR_CACHE_TTL',
      message: `The time to live of a cached value was given as ${typeof ttl === 'object' ? JSON.stringify(ttl) : String(ttl)}, which is not a duration`,
      hint: 'Give a number of milliseconds from 0, which means no limit, or an object such as { minutes: 5 }.',
    });
  }
}
