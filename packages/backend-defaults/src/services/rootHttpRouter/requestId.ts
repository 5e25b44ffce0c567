// The id of a request in the log, in its response, and in the logs of the systems in front of and behind this one.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Where a request keeps its id. Request classes declare it, so that setting it does not change their shape. */
export const requestIdKey = Symbol.for('greenroom.requestId');

/**
 * The id of a request: its `x-request-id` header if that is 1 to 128 letters, digits or `._:=+/@-`, otherwise a new
 * UUID. Always the same for the same request.
 */
export function requestId(req: IncomingMessage): string {
  const known = req as IncomingMessage & { [requestIdKey]?: string };
  return (known[requestIdKey] ??= acceptable(req.headers['x-request-id']) ?? randomUUID());
}

function acceptable(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:=+/@-]{1,128}$/.test(header) ? header : undefined;
}
