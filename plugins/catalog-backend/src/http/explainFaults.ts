// Says that it is the request's fault, and why, where what reads it or a database refuses it.
import { InputError } from '@backstage/errors';
import type { ErrorRequestHandler } from 'express';

/** What PostgreSQL says to the character NUL; SQLite looks for it and finds nothing. */
const INVALID_BYTE_SEQUENCE = '22021';

/** Nothing but what a request brings has no end that is known. */
const STACK_OVERFLOW = 'Maximum call stack size exceeded';

/** Everything else goes on as it is. */
export const explainFaults: ErrorRequestHandler = (error, _req, _res, next) => next(explain(error));

function explain(error: unknown): unknown {
  const { code, type, message } = Object(error) as Record<string, unknown>;
  // Nothing that is stored has NUL in it, so that only a question can.
  if (code === INVALID_BYTE_SEQUENCE)
    return new InputError(
      'A text of the request has the character NUL, which nothing in the catalog can have',
    );
  if (message === STACK_OVERFLOW) return new InputError('The body is nested too deep');
  if (type === 'entity.parse.failed') return new InputError(`The body is not JSON: ${String(message)}`);
  return error;
}
