// The id by which a request is found in the log, in its answer, and in the logs of the systems before and behind this one.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Where the id is kept on a request; classes of requests declare it, so that its writing does not change their shape. */
export const requestIdKey = Symbol.for('greenroom.requestId');

/**
 * The id of a request: its `x-request-id` header if that is 1 to 128 letters, digits or `._:=+/@-`, else a new UUID. The same
 * for every call with the same request.
 */
export function requestId(req: IncomingMessage): string {
  const known = req as IncomingMessage & { [requestIdKey]?: string };
  return (known[requestIdKey] ??= acceptable(req.headers['x-request-id']) ?? randomUUID());
}

function acceptable(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:=+/@-]{1,128}$/.test(header) ? header : undefined;
}
