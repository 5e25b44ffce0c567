// Encodes and decodes cursors, which contain everything that is needed to read the next page.
import { InputError } from '@backstage/errors';

/** Opaque to clients. */
export function encodeCursor(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/**
 * Cursors can be forged: `isSound` checks whether the content is valid, and may throw if it is not.
 *
 * @throws an `InputError` that says which value is not a cursor
 */
export function decodeCursor<T>(text: string, what: string, isSound: (content: T) => boolean): T {
  try {
    const content = JSON.parse(Buffer.from(text, 'base64url').toString()) as T;
    if (isSound(content)) return content;
  } catch {
    // No need to say more: it either is one of our cursors or it is not.
  }
  throw new InputError(`${what} is not a cursor that this catalog gave out`);
}
