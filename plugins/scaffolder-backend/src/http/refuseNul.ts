// Refuses addresses with the character NUL: PostgreSQL would fail at looking for it, and no task can have it.
import { InputError } from '@backstage/errors';
import type { RequestHandler } from 'express';

/** Bodies may have it: they are kept as JSON, which escapes it. */
export const refuseNul: RequestHandler = (request, _res, next) => {
  const hasNul = request.url.includes('%00');
  next(hasNul ? new InputError('The address has the character NUL (%00), which no task has') : undefined);
};
