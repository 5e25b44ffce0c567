// Answers requests that nothing else has handled.
import { NotFoundError } from '@backstage/errors';
import type { RequestHandler } from 'express';

/** Passes a `NotFoundError` on to the error handler. */
export function createNotFoundMiddleware(): RequestHandler {
  return (req, _res, next) =>
    next(new NotFoundError(`There is nothing at ${req.method} ${req.originalUrl || req.url}`));
}
