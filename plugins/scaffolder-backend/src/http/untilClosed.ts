// The signal that ends a long response.
import type { Response } from 'express';
import { setMaxListeners } from 'node:events';

/**
 * Aborted when the connection closes, when `stopping` is aborted, or after `longestMs`. `AbortSignal.any` would keep
 * something in memory for every closed connection, and in Node 20 it also loses an `AbortSignal.timeout` to the
 * garbage collector.
 */
export function untilClosed(res: Response, stopping: AbortSignal, longestMs?: number): AbortSignal {
  const ended = new AbortController();
  const end = () => ended.abort();
  // Every open connection adds a listener.
  setMaxListeners(0, stopping);
  stopping.addEventListener('abort', end);
  const timer = longestMs === undefined ? undefined : setTimeout(end, longestMs);
  res.on('close', () => {
    stopping.removeEventListener('abort', end);
    clearTimeout(timer);
    end();
  });
  // The client may have left before the answer began.
  if (stopping.aborted || res.closed) end();
  return ended.signal;
}
