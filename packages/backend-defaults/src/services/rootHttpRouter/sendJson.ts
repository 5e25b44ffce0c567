// The `json` method of responses, which sends most of a backend's responses, with few steps in the plain case.
import type { Response } from 'express';

/** Computes the weak etag of a body. */
type Etag = (body: string, encoding: BufferEncoding) => string;

/**
 * A `json` that sends the same as express's. It uses that unless the response is a plain 200: for conditional
 * requests, headers that are already set, settings of an application, or a `send` that somebody has replaced.
 */
export function createJson(express: Response, etag: Etag): Response['json'] {
  const { json, send } = express;
  return function sendJson(this: Response, body?: unknown) {
    const isPlain = this.send === send && isPlainAnswer(this) && hasPlainSettings(this, etag);
    const text = isPlain ? (JSON.stringify(body) as string | undefined) : undefined;
    if (text === undefined) return json.call(this, body);
    this.setHeader('Content-Type', 'application/json; charset=utf-8');
    this.setHeader('Content-Length', Buffer.byteLength(text));
    this.setHeader('ETag', etag(text, 'utf8'));
    this.end(text);
    return this;
  };
}

function isPlainAnswer(res: Response): boolean {
  const { method, headers } = res.req;
  return (
    res.statusCode === 200 &&
    method !== 'HEAD' &&
    headers['if-none-match'] === undefined &&
    headers['if-modified-since'] === undefined &&
    !res.hasHeader('Content-Type') &&
    !res.hasHeader('ETag')
  );
}

function hasPlainSettings({ app }: Response, etag: Etag): boolean {
  const { settings } = app;
  return (
    settings['etag fn'] === etag &&
    settings['json replacer'] === undefined &&
    settings['json spaces'] === undefined &&
    !settings['json escape']
  );
}
