// Streams the events of a task as server-sent events.
import type { Response } from 'express';
import { once } from 'node:events';
import type { TaskEvent } from '../tasks/Task';
import type { TaskFeed } from '../tasks/TaskFeed';
import { untilClosed } from './untilClosed';

/** Keeps proxies from closing the connection as idle. */
const HEARTBEAT_MS = 15_000;

/**
 * Ends with the task (unless `retries` is set), when the connection closes, or when `signal` is aborted. Each event
 * is sent with its id: a client that reconnects with it, as `after` or in the header `Last-Event-ID`, misses nothing.
 */
export async function streamEvents(
  res: Response,
  options: { feed: TaskFeed; taskId: string; after: number; retries: boolean; signal: AbortSignal },
): Promise<void> {
  const { feed, taskId, after, retries } = options;
  const signal = untilClosed(res, options.signal);
  res.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    // `no-transform`, because compression would hold events back.
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  res.write(': open\n\n');
  const heartbeat = setInterval(() => res.write(': still here\n\n'), HEARTBEAT_MS);
  try {
    for await (const events of feed.follow(taskId, after, signal, { retries })) {
      const accepted = res.write(events.map(toMessage).join(''));
      // Waits for a slow client instead of buffering its events in memory.
      if (!accepted) await once(res, 'drain', { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearInterval(heartbeat);
    res.end();
  }
}

function toMessage(event: TaskEvent): string {
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
