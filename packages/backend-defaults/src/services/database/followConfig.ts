// Lets connections that are opened later have the password and the certificates that the configuration has by then.
import type { ConnectionConfig } from './config';

/** What may be replaced on a server that goes on, by key of the driver. */
const replaceable = ['password', 'ssl', 'connectionString'] as const;

/**
 * The settings of a driver, which are read for each connection. What is there no more, or can't be read at the moment,
 * stays as it was.
 */
export function followConfig<T extends object>(settings: T, current: () => ConnectionConfig): T {
  const following = { ...settings };
  for (const key of replaceable) {
    const first = (settings as Record<string, unknown>)[key];
    if (first === undefined) continue;
    Object.defineProperty(following, key, {
      configurable: true,
      // Nothing that lists the settings is to show the password.
      enumerable: key !== 'password',
      get: () => valueOf(current, key, first) ?? first,
    });
  }
  return following;
}

function valueOf(
  current: () => ConnectionConfig,
  key: (typeof replaceable)[number],
  first: unknown,
): unknown {
  try {
    const connection = current();
    if (typeof connection === 'string') {
      return key === 'password' ? decodeURIComponent(new URL(connection).password) || undefined : undefined;
    }
    return key === 'connectionString' ? withPasswordOf(connection[key], first) : connection[key];
  } catch {
    return undefined;
  }
}

/** The rest of a URL names the database, which is not the same for all connections. */
function withPasswordOf(current: unknown, first: unknown): string {
  const url = new URL(first as string);
  url.password = new URL(current as string).password;
  return url.href;
}
