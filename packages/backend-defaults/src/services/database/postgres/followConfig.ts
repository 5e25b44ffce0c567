// Lets new connections use the password and certificates that are configured by then.
import type { ConnectionConfig } from '../config';

/** What may change on a running server, by the driver's keys. */
const replaceable = ['password', 'ssl', 'connectionString'] as const;

/**
 * Returns a driver's settings, which are read for each new connection. Settings that are gone, or can't be read at
 * the moment, keep their first value.
 */
export function followConfig<T extends object>(settings: T, current: () => ConnectionConfig): T {
  const following = { ...settings };
  for (const key of replaceable) {
    const first = (settings as Record<string, unknown>)[key];
    if (first === undefined) continue;
    Object.defineProperty(following, key, {
      configurable: true,
      // Keeps the password out of anything that lists the settings.
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

/** Only the password is taken over: the rest of the URL names the database, which differs between connections. */
function withPasswordOf(current: unknown, first: unknown): string {
  const url = new URL(first as string);
  url.password = new URL(current as string).password;
  return url.href;
}
