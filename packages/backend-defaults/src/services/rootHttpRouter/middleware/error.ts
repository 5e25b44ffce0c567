// Turns what a handler threw into a response, and logs what was not the caller's fault.
import { toError, type ErrorLike } from '@backstage/errors';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { ErrorRequestHandler, Request, Response } from 'express';
import { isOutage } from '../../../remote/outages';
import { errorResponse } from '../errorResponse';
import { requestId } from '../requestId';

/**
 * Options of the error handler.
 *
 * @public
 */
export interface MiddlewareFactoryErrorOptions {
  /** Whether responses contain stack traces and the details of internal errors. Default `false`. */
  showStackTraces?: boolean;
  /** Whether errors that are the caller's fault are also logged, at level info. Default `false`. */
  logAllErrors?: boolean;
}

// How reads and writes fail when the client hangs up: not the handler's fault, and nobody is left to be told.
const hangUps = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR']);

/** The last handler of a chain: answers every error. See `errorResponse` for the responses. */
export function createErrorMiddleware(
  logger: LoggerService,
  options: MiddlewareFactoryErrorOptions = {},
): ErrorRequestHandler {
  // Express recognises an error handler by its four parameters.
  return (thrown: unknown, req, res, _next) => {
    const error = toError(thrown);
    const gone = res.destroyed || req.socket.destroyed;
    if (gone && isHangUp(error)) return;
    const id = requestId(req);
    const response = errorResponse(error, { correlationId: id, showStackTraces: options.showStackTraces });
    logError(logger, error, req, { status: response.status, id, all: options.logAllErrors });
    if (gone || res.writableEnded) return;
    if (res.headersSent) {
      // Half a response can't be taken back. Only a broken connection tells the client that it is incomplete.
      req.socket.destroy();
      return;
    }
    send(req, res, response);
  };
}

function isHangUp(error: ErrorLike): boolean {
  return hangUps.has(String(error.code)) || error.type === 'request.aborted' || error.name === 'AbortError';
}

function logError(
  logger: LoggerService,
  error: ErrorLike,
  req: Request,
  { status, id, all }: { status: number; id: string; all?: boolean },
): void {
  if (status >= 500) {
    const meta = { correlationId: id, method: req.method, url: req.originalUrl || req.url, status };
    const what = `Request failed: ${req.method} ${meta.url} ${status}`;
    // An outage is logged once, where it is noticed; this only says why one of many requests failed.
    if (isOutage(error)) logger.child(meta).info(`${what}: ${error.message}`);
    else logger.child(meta).error(what, error as Error);
  } else if (all || error.name === 'ResponseError') {
    // If another server refused the request, our response only tells the status, so the log tells the reason.
    const { message } = (error.cause ?? error) as Error;
    const reason = error.message.includes(message) ? error.message : `${error.message}: ${message}`;
    logger.info(`Request refused: ${req.method} ${req.originalUrl || req.url} ${status}: ${reason}`);
  }
}

function send(
  req: Request,
  res: Response,
  { status, error, headers }: ReturnType<typeof errorResponse>,
): void {
  // These headers were meant for another response, except with a 304, which is about the one that the client has.
  if (status !== 304) {
    for (const name of ['Expires', 'ETag', 'Last-Modified']) {
      res.removeHeader(name);
    }
    if (!/no-store/i.test(String(res.getHeader('Cache-Control')))) {
      res.removeHeader('Cache-Control');
    }
  }
  res
    .getHeaderNames()
    .filter(name => /^(content-(?!security)|transfer-encoding)/.test(name))
    .forEach(name => res.removeHeader(name));
  for (const [name, value] of Object.entries(headers)) {
    res.setHeader(name, value);
  }
  res.status(status);
  if (status === 304) {
    res.end();
    return;
  }
  res.json({
    error,
    request: { method: req.method, url: req.originalUrl || req.url },
    response: { statusCode: status },
  });
}
