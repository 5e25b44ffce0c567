// Makes credentials, and keeps their tokens where neither a log line nor a serialisation finds them.
import type { BackstageCredentials } from '@greenroom/backend-plugin-api';

class Credentials<TPrincipal> implements BackstageCredentials<TPrincipal> {
  readonly $$type = '@backstage/BackstageCredentials';
  /** Not in the interface, but what reads stored credentials may look for it. */
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

  // On the prototype, so that nothing that goes through the properties of an object meets it.
  get token(): string | undefined {
    return this.#token;
  }
}

/**
 * Credentials of `principal`, frozen. `token` is what stood for them in the request. A plugin that has to keep credentials, as
 * Backstage's scaffolder does with those of a task, stores `{ ...credentials, token: credentials.token }`.
 */
export function createCredentials<TPrincipal extends object>(
  principal: TPrincipal,
  options: { token?: string; expiresAt?: Date } = {},
): BackstageCredentials<TPrincipal> {
  return new Credentials(principal, options.token, options.expiresAt);
}

/** The token behind credentials of {@link createCredentials}, or of a copy that was given it. */
export function tokenOf(credentials: BackstageCredentials): string | undefined {
  const { token } = credentials as { token?: unknown };
  return typeof token === 'string' ? token : undefined;
}
