// Turns errors of the body parser and the database that are the request's fault into input errors.
import { InputError } from '@backstage/errors';
import type { ErrorRequestHandler } from 'express';

/** PostgreSQL's error code for a NUL character. SQLite accepts it and finds nothing. */
const INVALID_BYTE_SEQUENCE = '22021';

/** Only the content of a request can be nested deeply enough for this. */
const STACK_OVERFLOW = 'Maximum call stack size exceeded';

/** Passes all other errors on unchanged. */
export const explainFaults: ErrorRequestHandler = (error, _req, _res, next) => next(explain(error));

function explain(error: unknown): unknown {
  const { code, type, message } = Object(error) as Record<string, unknown>;
  // Stored data never contains NUL, so it must come from the request.
  if (code === INVALID_BYTE_SEQUENCE)
    return new InputError(
      'A text of the request has the character NUL, which nothing in the catalog can have',
    );
  if (message === STACK_OVERFLOW) return new InputError('The body is nested too deep');
  if (type === 'entity.parse.failed') return new InputError(`The body is not JSON: ${String(message)}`);
  return error;
}
