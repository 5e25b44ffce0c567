// Compresses answers for clients that ask for it, and tells caches that this matters.
import compression from 'compression';
import type { Request, RequestHandler, Response } from 'express';

/** Compresses answers of 1 kB and more where the request has an `Accept-Encoding`; tells caches that this matters. */
export function createCompressionMiddleware(): RequestHandler {
  const compress = compression({ filter: isWorthIt }) as RequestHandler;
  return (req, res, next) => {
    if (res.hasHeader('Vary')) {
      res.vary('Accept-Encoding');
    } else {
      res.setHeader('Vary', 'Accept-Encoding');
    }
    if (req.headers['accept-encoding'] === undefined) next();
    else compress(req, res, next);
  };
}

/** A stream of events must not wait in a compressor until there are enough, and a range is counted in bytes as they are. */
function isWorthIt(req: Request, res: Response): boolean {
  const isStream = String(res.getHeader('Content-Type')).startsWith('text/event-stream');
  return !isStream && res.statusCode !== 206 && compression.filter(req, res);
}
