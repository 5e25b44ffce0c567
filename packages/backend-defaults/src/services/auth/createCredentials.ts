// Creates credentials, and hides their tokens from logging and serialisation.
import type { BackstageCredentials } from '@greenroom/backend-plugin-api';

class Credentials<TPrincipal> implements BackstageCredentials<TPrincipal> {
  readonly $$type = '@backstage/BackstageCredentials';
  /** Not part of the interface, but code that reads stored credentials may check it. */
  readonly version = 'v1';
  declare readonly expiresAt?: Date;
  readonly principal: TPrincipal;
  readonly #token: string | undefined;

  constructor(principal: TPrincipal, token: string | undefined, expiresAt: Date | undefined) {
    if (expiresAt) {
      this.expiresAt = expiresAt;
    }
    this.principal = Object.freeze(principal);
    this.#token = token;
    Object.freeze(this);
  }

  // On the prototype, so that code that enumerates an object's properties does not find it.
  get token(): string | undefined {
    return this.#token;
  }
}

/**
 * Creates frozen credentials of `principal`. `token` is the token from the request. A plugin that has to store
 * credentials, as Backstage's scaffolder does for tasks, stores `{ ...credentials, token: credentials.token }`.
 */
export function createCredentials<TPrincipal extends object>(
  principal: TPrincipal,
  options: { token?: string; expiresAt?: Date } = {},
): BackstageCredentials<TPrincipal> {
  return new Credentials(principal, options.token, options.expiresAt);
}

/** The token of credentials made by {@link createCredentials}, or of a stored copy that includes it. */
export function tokenOf(credentials: BackstageCredentials): string | undefined {
  const { token } = credentials as { token?: unknown };
  return typeof token === 'string' ? token : undefined;
}
