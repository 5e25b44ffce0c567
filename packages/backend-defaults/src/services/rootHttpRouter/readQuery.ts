// Parses the query of a request, for `req.query`.
import type { Express, Request } from 'express';

/**
 * The query of `url`, by the `query parser` of `app`. A request gets it once, as a property of its own: middleware that
 * fills in defaults changes it in place, and an express 4 application gives the request a prototype without a `query`.
 */
export function readQuery(app: Express, url: string): Request['query'] {
  const start = url.indexOf('?');
  const parse = start !== -1 && app.get('query parser fn');
  return parse ? parse(url.slice(start + 1)) : {};
}
