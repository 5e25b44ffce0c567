// The errors of rate limits.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** The package that connects to the store of rate limits is not installed or can't be loaded. */
export class RateLimitStoreMissingError extends GreenroomError {
  constructor(packageName: string, cause: unknown) {
    super({
      code: 'GR_RATE_LIMIT_STORE_MISSING',
      message: `The rate limit store 'redis' needs the package '${packageName}', which can't be loaded`,
      hint: `Install it (npm install ${packageName}), or set backend.rateLimit.store.type to memory.`,
      cause,
    });
  }
}

/** A client made more requests than it may. */
export class RateLimitExceededError extends GreenroomError {
  readonly status = 429;

  /** @param options - `window` is in milliseconds; `pluginId` is set for the limit of a plugin */
  constructor({ limit, window, pluginId }: { limit: number; window: number; pluginId?: string }) {
    super({
      code: 'GR_RATE_LIMITED',
      message: `Too many requests${pluginId === undefined ? '' : ` to plugin '${pluginId}'`}: at most ${limit} are answered in ${window / 1000} s`,
      hint: 'Wait as long as the Retry-After header says.',
    });
  }
}
