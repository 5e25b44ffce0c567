// A handler whose code is loaded with the first request for it.
import type { Handler } from 'express';
import { memoizeSuccess } from './memoizeSuccess';

/**
 * Passes requests below `prefix`, which ends with a slash, to the handler that `load` returns, and passes all others
 * on at the cost of one comparison.
 */
export function createLazyHandler(prefix: string, load: () => Promise<Handler>): Handler {
  let handler: Handler | undefined;
  // After a failure, the next request tries again, because a file system may recover.
  const loadOnce = memoizeSuccess(async () => (handler = await load()));
  return (req, res, next) => {
    if (!req.url.startsWith(prefix)) {
      next();
      return;
    }
    if (handler) {
      // The handler may return a promise, whose rejection is for the caller to handle.
      return handler(req, res, next);
    }
    return loadOnce().then(loaded => loaded(req, res, next));
  };
}
