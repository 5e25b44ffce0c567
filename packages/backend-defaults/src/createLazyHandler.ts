// A handler whose code is loaded with the first request that it is for.
import type { Handler } from 'express';

/**
 * Passes requests below `prefix`, which ends with a slash, to the handler that `load` gives, and all others on at the
 * cost of one comparison.
 */
export function createLazyHandler(prefix: string, load: () => Promise<Handler>): Handler {
  let handler: Handler | undefined;
  let loading: Promise<Handler> | undefined;
  return (req, res, next) => {
    if (!req.url.startsWith(prefix)) {
      next();
      return;
    }
    if (handler) {
      // What it returns may be a promise whose rejection is the caller's to handle.
      return handler(req, res, next);
    }
    loading ??= load().then(
      loaded => (handler = loaded),
      error => {
        // A file system may recover: the next request tries again.
        loading = undefined;
        throw error;
      },
    );
    return loading.then(loaded => loaded(req, res, next));
  };
}
