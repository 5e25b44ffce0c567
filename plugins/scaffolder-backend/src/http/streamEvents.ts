// Sends the events of a task as server-sent events, as they come.
import type { Response } from 'express';
import { once } from 'node:events';
import type { TaskEvent } from '../tasks/Task';
import type { TaskFeed } from '../tasks/TaskFeed';
import { untilClosed } from './untilClosed';

/** So that proxies don't take the connection for dead. */
const HEARTBEAT_MS = 15_000;

/**
 * Ends with the task unless `retries` are to be seen, with the connection, or with `signal`. The id of each event goes
 * along: whoever reconnects with it as `after`, or as the header `Last-Event-ID`, misses nothing.
 */
export async function streamEvents(
  res: Response,
  options: { feed: TaskFeed; taskId: string; after: number; retries: boolean; signal: AbortSignal },
): Promise<void> {
  const { feed, taskId, after, retries } = options;
  const signal = untilClosed(res, options.signal);
  res.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    // Not to be transformed: compression would hold events back.
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  res.write(': open\n\n');
  const heartbeat = setInterval(() => res.write(': still here\n\n'), HEARTBEAT_MS);
  try {
    for await (const events of feed.follow(taskId, after, signal, { retries })) {
      const accepted = res.write(events.map(toMessage).join(''));
      // A reader that is slow is waited for, instead of its events being kept in memory.
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
