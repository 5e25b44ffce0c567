// Where a request keeps the credentials that were worked out for it.
import type { BackstageCredentials } from '@greenroom/backend-plugin-api';

/**
 * On the request itself: a WeakMap of all requests is what the garbage collector would spend most on. Classes of requests
 * declare it, so that its writing does not change their shape.
 */
export const knownCredentialsKey = Symbol('greenroom.credentials');

/** The credentials of a request as one service has worked them out. */
export interface KnownCredentials {
  by: unknown;
  full: Promise<BackstageCredentials> | undefined;
  limited: Promise<BackstageCredentials> | undefined;
}
