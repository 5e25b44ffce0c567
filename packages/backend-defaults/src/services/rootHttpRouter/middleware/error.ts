// Turns what a handler threw into an answer, and logs what was not the caller's fault.
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
  /** Whether answers carry stack traces and the details of internal errors. Default `false`. */
  showStackTraces?: boolean;
  /** Whether errors that are the caller's fault are logged too, at level info. Default `false`. */
  logAllErrors?: boolean;
}

// How reads and writes fail when the other side hangs up: no fault of the handler, and nobody is left to be told.
const hangUps = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR']);

/** The last handler of a chain: answers every error. See `errorResponse` for the answers. */
export function createErrorMiddleware(
  logger: LoggerService,
  options: MiddlewareFactoryErrorOptions = {},
): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (thrown: unknown, req, res, _next) => {
    const error = toError(thrown);
    const gone = res.destroyed || req.socket.destroyed;
    if (gone && isHangUp(error)) return;
    const id = requestId(req);
    const response = errorResponse(error, { correlationId: id, showStackTraces: options.showStackTraces });
    logError(logger, error, req, { status: response.status, id, all: options.logAllErrors });
    if (gone || res.writableEnded) return;
    if (res.headersSent) {
      // Half an answer can't be taken back; only a broken connection tells the client that it is not whole.
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
    // What is away is warned of once, where it is used; this only tells why one request of many failed.
    if (isOutage(error)) logger.child(meta).info(`${what}: ${error.message}`);
    else logger.child(meta).error(what, error as Error);
  } else if (all || error.name === 'ResponseError') {
    // Of a refusal by another server, the answer tells the status alone.
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
  // A 304 is about the answer that the client has; any other error is not what these were meant for.
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
