// Where a request caches its credentials.
import type { BackstageCredentials } from '@greenroom/backend-plugin-api';

/**
 * A property of the request, because a WeakMap of all requests would dominate garbage collection. Request classes
 * declare it, so that setting it does not change their shape.
 */
export const knownCredentialsKey = Symbol('greenroom.credentials');

/** The credentials of a request, as determined by one service. */
export interface KnownCredentials {
  by: unknown;
  full: Promise<BackstageCredentials> | undefined;
  limited: Promise<BackstageCredentials> | undefined;
}
