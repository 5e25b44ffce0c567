// Compresses responses for clients that ask for it, and sets `Vary` for caches.
import compression from 'compression';
import type { Request, RequestHandler, Response } from 'express';

/** Compresses responses of 1 kB and more if the request has an `Accept-Encoding`. Sets `Vary` in any case, for caches. */
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

/** Events must not wait in a compressor for more of them, and ranges count uncompressed bytes. */
function isWorthIt(req: Request, res: Response): boolean {
  const isStream = String(res.getHeader('Content-Type')).startsWith('text/event-stream');
  return !isStream && res.statusCode !== 206 && compression.filter(req, res);
}
