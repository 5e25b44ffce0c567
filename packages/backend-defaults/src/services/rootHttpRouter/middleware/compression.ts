// Compresses responses for clients that ask for it, and sets `Vary` for caches.
import type Compression from 'compression';
import type { RequestHandler, Response } from 'express';
import { createRequire } from 'node:module';

/** Compresses responses of 1 kB and more if the request has an `Accept-Encoding`. Sets `Vary` in any case, for caches. */
export function createCompressionMiddleware(): RequestHandler {
  let compress: RequestHandler | undefined;
  return (req, res, next) => {
    if (res.hasHeader('Vary')) {
      res.vary('Accept-Encoding');
    } else {
      res.setHeader('Vary', 'Accept-Encoding');
    }
    if (req.headers['accept-encoding'] === undefined) next();
    else (compress ??= loadCompression())(req, res, next);
  };
}

/** Loaded with the first request that asks for it, because it would take a good part of the start. */
function loadCompression(): RequestHandler {
  const compression = createRequire(__filename)('compression') as typeof Compression;
  return compression({ filter: (req, res) => isWorthIt(res) && compression.filter(req, res) });
}

/** Events must not wait in a compressor for more of them, and ranges count uncompressed bytes. */
function isWorthIt(res: Response): boolean {
  const isStream = String(res.getHeader('Content-Type')).startsWith('text/event-stream');
  return !isStream && res.statusCode !== 206;
}
