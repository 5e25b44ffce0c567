// Rejects URLs with a NUL character: PostgreSQL would fail on it, and no task id or user contains one.
import { InputError } from '@backstage/errors';
import type { RequestHandler } from 'express';

/** Request bodies may contain it: they are stored as JSON, which escapes it. */
export const refuseNul: RequestHandler = (request, _res, next) => {
  const hasNul = request.url.includes('%00');
  next(hasNul ? new InputError('The address has the character NUL (%00), which no task has') : undefined);
};
