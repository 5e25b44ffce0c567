// Compresses answers, and costs next to nothing for clients that do not ask for it.
import compression from 'compression';
import type { RequestHandler } from 'express';

/** Compresses answers of 1 kB and more where the request has an `Accept-Encoding`; tells caches that this matters. */
export function createCompressionMiddleware(): RequestHandler {
  const compress = compression() as RequestHandler;
  return (req, res, next) => {
    if (req.headers['accept-encoding'] !== undefined) {
      compress(req, res, next);
      return;
    }
    if (res.hasHeader('Vary')) {
      res.vary('Accept-Encoding');
    } else {
      res.setHeader('Vary', 'Accept-Encoding');
    }
    next();
  };
}
