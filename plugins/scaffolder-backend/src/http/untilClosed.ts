// Tells those who serve a long answer when to end it.
import type { Response } from 'express';
import { setMaxListeners } from 'node:events';

/** Aborted when the connection closes, or with `stopping`. In that nothing is left of a connection that has closed, as `AbortSignal.any` would. */
export function untilClosed(res: Response, stopping: AbortSignal): AbortSignal {
  const ended = new AbortController();
  const end = () => ended.abort();
  // One for each open connection.
  setMaxListeners(0, stopping);
  stopping.addEventListener('abort', end);
  res.on('close', () => {
    stopping.removeEventListener('abort', end);
    end();
  });
  if (stopping.aborted) end();
  return ended.signal;
}
