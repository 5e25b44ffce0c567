// Sends JSON that is text already.
import type { Response } from 'express';
import { type EntityText, toBytes } from '../query/EntityText';

/**
 * Entities are stored as JSON and go out as they are: nothing is parsed only to be written again. A body in parts is put
 * together as bytes, since one long string takes many times as long to be made and encoded as its parts.
 */
export function sendJson(res: Response, body: EntityText | readonly EntityText[]): void {
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.end(isParts(body) ? joined(body) : body);
}

/** The parts of a list of what is JSON already. */
export function jsonList(items: readonly EntityText[]): EntityText[] {
  const parts: EntityText[] = ['['];
  for (const item of items) parts.push(item, ',');
  if (items.length > 0) parts.pop();
  parts.push(']');
  return parts;
}

function isParts(body: EntityText | readonly EntityText[]): body is readonly EntityText[] {
  return Array.isArray(body);
}

function joined(parts: readonly EntityText[]): Buffer {
  return Buffer.concat(parts.map(toBytes));
}

/** Sends a list as it comes, no faster than the client takes it. */
export async function streamJsonList(
  res: Response,
  pages: AsyncIterable<readonly EntityText[]>,
): Promise<void> {
  let goOn = () => {};
  // One listener for all pages: what compresses an answer takes listeners over, and does not give them back.
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
