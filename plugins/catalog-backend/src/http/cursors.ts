// Cursors: everything that the next page needs, in the hands of the client.
import { InputError } from '@backstage/errors';

/** Opaque to clients. */
export function encodeCursor(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/**
 * A cursor can be made up: `isSound` says whether it is one of ours, and may throw where it is not.
 *
 * @throws an `InputError` that says what is no cursor
 */
export function decodeCursor<T>(text: string, what: string, isSound: (content: T) => boolean): T {
  try {
    const content = JSON.parse(Buffer.from(text, 'base64url').toString()) as T;
    if (isSound(content)) return content;
  } catch {
    // Told apart no further: a cursor is either one of ours or not.
  }
  throw new InputError(`${what} is not a cursor that this catalog gave out`);
}
