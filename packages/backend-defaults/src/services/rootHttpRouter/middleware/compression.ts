// Compresses answers for clients that ask for it, and tells caches that this matters.
import type { Request, RequestHandler, Response } from 'express';
import { AnswerCompressor } from './AnswerCompressor';
import { chooseEncoding } from './chooseEncoding';

/** Compresses answers of 1 kB and more where the request has an `Accept-Encoding`; tells caches that this matters. */
export function createCompressionMiddleware(): RequestHandler {
  return (req: Request, res: Response, next) => {
    if (res.hasHeader('Vary')) {
      res.vary('Accept-Encoding');
    } else {
      res.setHeader('Vary', 'Accept-Encoding');
    }
    const encoding = chooseEncoding(req.headers['accept-encoding']);
    if (encoding !== undefined && req.method !== 'HEAD') {
      new AnswerCompressor(res, encoding).install();
    }
    next();
  };
}
