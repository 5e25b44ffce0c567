// Reads which part of a list a request asks for.
import { InputError } from '@backstage/errors';
import { decodeCursor } from './cursors';
import { readCount, readString } from './queryParameters';

/** A part of a list. Without `limit`, everything from `offset` on. */
export interface Page {
  readonly offset?: number;
  readonly limit?: number;
}

/** Reads `offset` and `limit`. If they are missing, those of the cursor `after` apply. */
export function readPage(query: Record<string, unknown>): Page {
  const after = readString(query, 'after');
  const cursor = after === undefined ? {} : decodePage(after);
  const offset = readCount(query, 'offset') ?? cursor.offset;
  const limit = readCount(query, 'limit') ?? cursor.limit;
  // With a limit of 0, the link to the next page would lead to the same page.
  if (limit === 0)
    throw new InputError("The query parameter 'limit' must be a whole number from 1 up, not '0'");
  return { ...(offset !== undefined && { offset }), ...(limit !== undefined && { limit }) };
}

function decodePage(text: string): Page {
  const isCount = (part: unknown) => Number.isSafeInteger(part) && (part as number) >= 0;
  return decodeCursor<Page>(text, "The query parameter 'after'", ({ offset, limit }) =>
    [offset, limit].every(part => part === undefined || isCount(part)),
  );
}
