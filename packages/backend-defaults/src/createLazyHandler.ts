// A handler whose code is loaded with the first request that it is for.
import type { Handler } from 'express';
import { memoizeSuccess } from './memoizeSuccess';

/**
 * Passes requests below `prefix`, which ends with a slash, to the handler that `load` gives, and all others on at the
 * cost of one comparison.
 */
export function createLazyHandler(prefix: string, load: () => Promise<Handler>): Handler {
  let handler: Handler | undefined;
  // A file system may recover: the next request tries again.
  const loadOnce = memoizeSuccess(async () => (handler = await load()));
  return (req, res, next) => {
    if (!req.url.startsWith(prefix)) {
      next();
      return;
    }
    if (handler) {
      // What it returns may be a promise whose rejection is the caller's to handle.
      return handler(req, res, next);
    }
    return loadOnce().then(loaded => loaded(req, res, next));
  };
}
