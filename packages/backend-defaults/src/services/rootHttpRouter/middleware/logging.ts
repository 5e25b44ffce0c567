// Logs every request when its response has ended, and puts the request id on the response.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { RequestHandler } from 'express';
import { requestId } from '../requestId';

/** Writes one line per request at level info: method, URL, status, milliseconds and request id. */
export function createLoggingMiddleware(logger: LoggerService): RequestHandler {
  return (req, res, next) => {
    const begin = performance.now();
    const { method, url } = req;
    const id = requestId(req);
    res.setHeader('X-Request-Id', id);
    res.on('close', () => {
      const durationMs = Math.round(performance.now() - begin);
      const status = res.writableFinished ? res.statusCode : 'aborted';
      logger.info(`${method} ${url} ${status}`, {
        type: 'request',
        method,
        url,
        status,
        durationMs,
        requestId: id,
      });
    });
    next();
  };
}
