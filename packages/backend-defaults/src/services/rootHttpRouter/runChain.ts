// Runs handlers one after another, as express does, but without an express application.
import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express';

/** A handler, or an error handler if it has four parameters. */
export type ChainHandler = RequestHandler | ErrorRequestHandler;

/**
 * Runs `handlers` in order; each continues by calling `next`. After an error that is thrown, rejected or passed to
 * `next`, only error handlers run. `done` is called when no handler is left.
 */
export function runChain(
  handlers: readonly ChainHandler[],
  req: Request,
  res: Response,
  done: (error?: unknown) => void,
): void {
  const outerNext = req.next;
  let index = 0;
  const next = (error?: unknown): void => {
    const failure = error === 'route' || error === 'router' || !error ? undefined : error;
    while (index < handlers.length && error !== 'router') {
      const handler = handlers[index++]!;
      if (handler.length > 3 === (failure !== undefined)) {
        callHandler(handler, failure, req, res, next);
        return;
      }
    }
    req.next = outerNext;
    done(failure);
  };
  req.next = next;
  next();
}

/** Resolves when all handlers have passed the request on; rejects with the first error. */
export function passes(handlers: readonly ChainHandler[], req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    runChain(handlers, req, res, error => (error ? reject(error as Error) : resolve()));
  });
}

function callHandler(
  handler: ChainHandler,
  failure: unknown,
  req: Request,
  res: Response,
  next: NextFunction,
): void {
  try {
    const outcome: unknown =
      failure === undefined
        ? (handler as RequestHandler)(req, res, next)
        : (handler as ErrorRequestHandler)(failure, req, res, next);
    if (outcome instanceof Promise) {
      outcome.then(undefined, error =>
        next(error ?? new Error('A request handler rejected without a reason')),
      );
    }
  } catch (error) {
    next(error ?? new Error('A request handler threw nothing'));
  }
}
