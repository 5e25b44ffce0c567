// Lists the strings that would reveal a secret of the configuration.
import type { JsonValue } from '@backstage/types';

/** All strings and numbers in `value`, and the password of a URL by itself. Empty ones would be found in any text. */
export function secretStrings(value: JsonValue | undefined): string[] {
  if (typeof value === 'number') return [String(value)];
  if (typeof value === 'string')
    return value === '' || isBareAddress(value) ? [] : [value, ...passwordOf(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(secretStrings);
}

// The URL of a server without credentials may be shown, because it helps to debug a lost connection. Web URLs may
// not, because their paths may be secret.
function isBareAddress(text: string): boolean {
  const url = urlOf(text);
  return url !== undefined && !/^https?:$/.test(url.protocol) && url.password === '' && url.search === '';
}

// Drivers often quote only a part of the URL in their errors.
function passwordOf(text: string): string[] {
  const password = urlOf(text)?.password ?? '';
  try {
    return password === '' ? [] : [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

function urlOf(text: string): URL | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}
