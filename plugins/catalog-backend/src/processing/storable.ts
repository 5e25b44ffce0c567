// What the database can store of entities, for both databases the same.
import { createHash } from 'node:crypto';
import { toUSVString } from 'node:util';

/** In bytes. PostgreSQL can index three such texts together, as in a relation. */
const MAX_LENGTH = 800;

/** The JSON of a value. Throws a `TypeError` if it has none, or if PostgreSQL can't store a text in it. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  // A text may well contain the escape itself, as regular expressions do.
  if (json.includes('\\u0000') && /(?<!\\)(?:\\\\)*\\u0000/.test(json)) {
    throw new TypeError('a text must not contain the character NUL');
  }
  return json;
}

/** Returns the text, which is part of a key. Throws a `TypeError` if it can't be stored, or would not be found again. */
export function storableKey(text: string): string {
  if (fits(text)) return text;
  const shown = toUSVString(text.slice(0, 100));
  throw new TypeError(
    `'${shown}' can't be stored: it is longer than ${MAX_LENGTH} bytes or has broken characters`,
  );
}

/** The key itself, or a hash if it can't be stored. */
export function storableRefreshKey(key: string): string {
  return fits(key) ? key : `sha1:${createHash('sha1').update(key).digest('hex')}`;
}

/** Whether an index can contain the text. */
export function fits(text: string, bytes = MAX_LENGTH): boolean {
  return Buffer.byteLength(text) <= bytes && !text.includes('\0') && toUSVString(text) === text;
}
