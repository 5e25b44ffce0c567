// Decides what a caller is told about an error: the status, headers, and the error part of the body.
import type { ErrorLike, SerializedError } from '@backstage/errors';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { errorAsJson } from '../../errorAsJson';
import { isOutOfReach } from '../../remote/outages';

/** Status by error name, so that errors from any copy of @backstage/errors are recognised. */
const statusByName: Readonly<Record<string, number>> = {
  InputError: 400,
  AuthenticationError: 401,
  NotAllowedError: 403,
  NotFoundError: 404,
  ConflictError: 409,
  NotModifiedError: 304,
  NotImplementedError: 501,
  ServiceUnavailableError: 503,
  // Thrown by decodeURIComponent for a URL such as /%E0%A4%A.
  URIError: 400,
};

/** The response to a failed request. */
export interface ErrorResponse {
  status: number;
  error: SerializedError;
  /** Headers that the error asks for, such as `WWW-Authenticate`. */
  headers: Record<string, string>;
}

/**
 * Errors with a known name get that status, others their own 4xx `status` or `statusCode`. Everything else is a 500,
 * or a 503 if a database or another backend is unreachable, and reveals nothing but the correlation id. Causes and
 * stacks are left out, unless `showStackTraces` is set.
 */
export function errorResponse(
  error: ErrorLike,
  options: { correlationId: string; showStackTraces?: boolean },
): ErrorResponse {
  const { correlationId, showStackTraces = false } = options;
  const own = ownStatus(error);
  const status = statusOf(error);
  if (showStackTraces) {
    return {
      status,
      error: {
        ...errorAsJson(error, { includeStack: true }),
        ...(own === undefined && { correlationId }),
      },
      headers: {},
    };
  }
  if (own === undefined) {
    const [name, what] =
      status === 503
        ? ['ServiceUnavailableError', 'The request needs what the server can not reach right now']
        : ['InternalServerError', "The request failed on the server's side"];
    const message = `${what}; its log says more under correlation id ${correlationId}`;
    return { status, error: { name, message, correlationId }, headers: {} };
  }
  return { status, error: describe(error), headers: ownHeaders(error) };
}

/** The status of the response. */
export function statusOf(error: ErrorLike): number {
  return ownStatus(error) ?? (isOutOfReach(error) ? 503 : 500);
}

function ownStatus(error: ErrorLike): number | undefined {
  return Object.hasOwn(statusByName, error.name) ? statusByName[error.name] : ownClientStatus(error);
}

function ownClientStatus(error: ErrorLike): number | undefined {
  const status = error.status ?? error.statusCode;
  return Number.isInteger(status) && (status as number) >= 400 && (status as number) < 500
    ? (status as number)
    : undefined;
}

const internalFields = [
  // Bookkeeping of http-errors and body-parser, where `body` is the raw body of the request.
  ...['status', 'statusCode', 'expose', 'headers', 'body', 'cause', 'stack'],
  // What HTTP clients attach to the error of a failed call, including the credentials that it was made with.
  ...['config', 'options', 'request', 'response'],
];

function describe(error: ErrorLike): SerializedError {
  const told = errorAsJson(error, { omit: internalFields });
  return error.expose === false ? { ...told, message: 'The request was refused' } : told;
}

function ownHeaders(error: ErrorLike): Record<string, string> {
  const { headers } = error;
  if (headers === null || typeof headers !== 'object') return {};
  return Object.fromEntries(Object.entries(headers).filter(([name, value]) => isHeader(name, value)));
}

// Headers that describe the body are not for an error to set: it may have them from another server's response.
const framing = /^(content-(?!range)|transfer-encoding$|connection$|keep-alive$|upgrade$)/i;

/** Also false for invalid values, such as text with a line break: Node would throw instead of sending the response. */
function isHeader(name: string, value: unknown): boolean {
  if (framing.test(name)) return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value as string);
    return typeof value === 'string';
  } catch {
    return false;
  }
}
