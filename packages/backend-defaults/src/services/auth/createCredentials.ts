// Makes credentials, and keeps their tokens where neither a log line nor a serialisation can find them.
import type { BackstageCredentials } from '@greenroom/backend-plugin-api';

// One for all copies of this package in a process, so that credentials may travel between them.
const registryKey = Symbol.for('@greenroom/backend-defaults/credentialTokens');
const registry = globalThis as { [registryKey]?: WeakMap<object, string> };
const tokens = (registry[registryKey] ??= new WeakMap());

/** Credentials of `principal`, frozen. `token` is what stood for them in the request. */
export function createCredentials<TPrincipal extends object>(
  principal: TPrincipal,
  options: { token?: string; expiresAt?: Date } = {},
): BackstageCredentials<TPrincipal> {
  const { token, expiresAt } = options;
  const credentials: BackstageCredentials<TPrincipal> = Object.freeze({
    $$type: '@backstage/BackstageCredentials',
    ...(expiresAt && { expiresAt }),
    principal: Object.freeze(principal),
  });
  if (token !== undefined) {
    tokens.set(credentials, token);
  }
  return credentials;
}

/** The token behind credentials of {@link createCredentials}; copies of such an object have none. */
export function tokenOf(credentials: BackstageCredentials): string | undefined {
  return tokens.get(credentials);
}
