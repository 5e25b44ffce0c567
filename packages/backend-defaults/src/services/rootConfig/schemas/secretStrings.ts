// Lists the texts by which a secret of the configuration could show.
import type { JsonValue } from '@backstage/types';

/** All texts and numbers in `value`, and of a URL the password by itself. */
export function secretStrings(value: JsonValue | undefined): string[] {
  if (typeof value === 'number') return [String(value)];
  if (typeof value === 'string') return [value, ...passwordOf(value)].filter(text => text.trim().length > 1);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(secretStrings);
}

// What a driver complains about is often its part of the URL alone.
function passwordOf(text: string): string[] {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return [];
  const { password } = new URL(text);
  try {
    return password === '' ? [] : [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
