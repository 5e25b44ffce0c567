// Sends JSON that is text already.
import { once } from 'node:events';
import type { Response } from 'express';

/** Entities are stored as JSON and go out as they are: nothing is parsed only to be written again. */
export function sendJson(res: Response, body: string): void {
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.end(body);
}

/** Sends a list as it comes, no faster than the client takes it. */
export async function streamJsonList(res: Response, pages: AsyncIterable<readonly string[]>): Promise<void> {
  const closed = new AbortController();
  res.once('close', () => closed.abort());
  let separator = '[';
  try {
    for await (const items of pages) {
      if (separator === '[') res.setHeader('Content-Type', 'application/json; charset=utf-8');
      const flushed = res.write(separator + items.join(','));
      separator = ',';
      if (!flushed) await once(res, 'drain', { signal: closed.signal });
    }
  } catch (error) {
    if (closed.signal.aborted) return;
    // What was sent can't be taken back; a list that is cut off must not look whole.
    if (res.headersSent) {
      res.destroy(error as Error);
      return;
    }
    throw error;
  }
  if (separator === '[') sendJson(res, '[]');
  else res.end(']');
}
