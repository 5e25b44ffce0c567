// Reads which part of a list a request asks for, and makes the cursor of the next one.
import { InputError } from '@backstage/errors';
import { readCount, readString } from './queryParameters';

/** A part of a list; without `limit`, all that follows `offset`. */
export interface Page {
  readonly offset?: number;
  readonly limit?: number;
}

/** Reads `offset` and `limit`; `after`, a cursor, decides where they are missing. */
export function readPage(query: Record<string, unknown>): Page {
  const after = readString(query, 'after');
  const cursor = after === undefined ? {} : decodeCursor(after);
  const offset = readCount(query, 'offset') ?? cursor.offset;
  const limit = readCount(query, 'limit') ?? cursor.limit;
  // The link to the next page would lead to the same one.
  if (limit === 0)
    throw new InputError("The query parameter 'limit' must be a whole number from 1 up, not '0'");
  return { ...(offset !== undefined && { offset }), ...(limit !== undefined && { limit }) };
}

/** Opaque to clients. */
export function encodeCursor(page: Page): string {
  return Buffer.from(JSON.stringify(page)).toString('base64url');
}

function decodeCursor(text: string): Page {
  try {
    const { offset, limit } = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Page;
    if ([offset, limit].every(part => part === undefined || (Number.isSafeInteger(part) && part >= 0))) {
      return { ...(offset !== undefined && { offset }), ...(limit !== undefined && { limit }) };
    }
  } catch {
    // Told apart no further: a cursor is either one of ours or not.
  }
  throw new InputError("The query parameter 'after' is not a cursor that this catalog gave out");
}
