// Sets helmet's headers, which are the same for every response and therefore computed once.
import type { RequestHandler } from 'express';
import helmet, { type HelmetOptions } from 'helmet';

/** Sets the headers that helmet would set with these options. Directives that are functions are called only once. */
export function createSecurityHeadersMiddleware(options: HelmetOptions): RequestHandler {
  const headers = collectHeaders(options);
  return (_req, res, next) => {
    for (let i = 0; i < headers.length; i += 2) {
      res.setHeader(headers[i]!, headers[i + 1]!);
    }
    next();
  };
}

/** Names and values, alternating, in the order in which helmet sets them. */
function collectHeaders(options: HelmetOptions): string[] {
  const headers: string[] = [];
  const recorder = {
    setHeader: (name: string, value: string) => headers.push(name, value),
    removeHeader: () => {},
  };
  helmet(options)({} as never, recorder as never, error => {
    if (error) {
      throw error;
    }
  });
  return headers;
}
