// Tells those who serve a long answer when to end it.
import type { Response } from 'express';
import { setMaxListeners } from 'node:events';

/**
 * Aborted when the connection closes, with `stopping`, or after `longestMs`. In that nothing is left of a connection that has
 * closed, as `AbortSignal.any` would; which in Node 20 also forgets an `AbortSignal.timeout` when it clears up memory.
 */
export function untilClosed(res: Response, stopping: AbortSignal, longestMs?: number): AbortSignal {
  const ended = new AbortController();
  const end = () => ended.abort();
  // One for each open connection.
  setMaxListeners(0, stopping);
  stopping.addEventListener('abort', end);
  const timer = longestMs === undefined ? undefined : setTimeout(end, longestMs);
  res.on('close', () => {
    stopping.removeEventListener('abort', end);
    clearTimeout(timer);
    end();
  });
  if (stopping.aborted) end();
  return ended.signal;
}
