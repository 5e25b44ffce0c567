// Says that it is the request's fault where a database refuses the character NUL.
import { InputError } from '@backstage/errors';
import type { ErrorRequestHandler } from 'express';

/** What PostgreSQL says to it; SQLite looks for it and finds nothing. */
const INVALID_BYTE_SEQUENCE = '22021';

/** Nothing that is stored has NUL in it, so that only a question can. */
export const explainNul: ErrorRequestHandler = (error, _req, _res, next) => {
  const { code } = Object(error) as { code?: unknown };
  next(
    code === INVALID_BYTE_SEQUENCE
      ? new InputError('A text of the request has the character NUL, which nothing in the catalog can have')
      : error,
  );
};
