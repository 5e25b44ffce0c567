// Sends responses that are already JSON text.
import type { Response } from 'express';
import { type EntityText, toBytes } from '../query/EntityText';

/**
 * Entities are stored as JSON and sent unchanged, without parsing and formatting them again. A body in parts is
 * concatenated as bytes, because building and encoding one long string takes many times as long.
 */
export function sendJson(res: Response, body: EntityText | readonly EntityText[]): void {
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : joined(body));
}

/** The parts of an array of JSON texts. */
export function jsonList(items: readonly EntityText[]): EntityText[] {
  const parts: EntityText[] = ['['];
  for (const item of items) parts.push(item, ',');
  if (items.length > 0) parts.pop();
  parts.push(']');
  return parts;
}

function joined(parts: readonly EntityText[]): Buffer {
  return Buffer.concat(parts.map(toBytes));
}

/** Streams a list, no faster than the client reads it. */
export async function streamJsonList(
  res: Response,
  pages: AsyncIterable<readonly EntityText[]>,
): Promise<void> {
  let goOn = () => {};
  // A single listener for all pages, because compression middleware takes over listeners and never removes them.
  res.on('drain', () => goOn());
  res.once('close', () => goOn());
  let separator = '[';
  try {
    for await (const items of pages) {
      if (separator === '[') res.setHeader('Content-Type', 'application/json; charset=utf-8');
      const flushed = res.write(joined([separator, ...jsonList(items).slice(1, -1)]));
      separator = ',';
      if (!flushed && !res.closed) await new Promise<void>(resolve => (goOn = resolve));
      if (res.closed) return;
    }
  } catch (error) {
    if (res.closed) return;
    if (!res.headersSent) throw error;
    // What was sent can't be taken back, but a truncated list must not look complete.
    res.destroy(error as Error);
    return;
  }
  if (separator === '[') sendJson(res, '[]');
  else res.end(']');
}
