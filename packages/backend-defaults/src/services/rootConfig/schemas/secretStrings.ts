// Lists the texts by which a secret of the configuration could show.
import type { JsonValue } from '@backstage/types';

/** All texts and numbers in `value`, and of a URL the password by itself. */
export function secretStrings(value: JsonValue | undefined): string[] {
  if (typeof value === 'number') return [String(value)];
  if (typeof value === 'string') return isBareAddress(value) ? [] : [value, ...passwordOf(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(secretStrings);
}

/** Whether there is anything to hide in a value that a schema calls a secret. */
export function holdsSecret(value: JsonValue): boolean {
  return secretStrings(value).some(text => text !== '');
}

// The URL of a server without credentials: people who look for a lost connection need to see it. Not so those of the web, whose
// paths may be secrets.
function isBareAddress(text: string): boolean {
  const url = urlOf(text);
  return url !== undefined && !/^https?:$/.test(url.protocol) && url.password === '' && url.search === '';
}

// What a driver complains about is often its part of the URL alone.
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
