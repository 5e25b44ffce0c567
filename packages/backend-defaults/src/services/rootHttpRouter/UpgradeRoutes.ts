// Finds who takes an upgrade request, such as one for a WebSocket, by its path.
import type { Handler, Request } from 'express';
import type { Duplex } from 'node:stream';

/**
 * Takes a connection over; who has it answers on the socket itself. `req.url` is relative to the path of the handler.
 *
 * @public
 */
export type UpgradeListener = (req: Request, socket: Duplex, head: Buffer) => void | Promise<void>;

/**
 * A handler that takes upgrade requests as well. The middleware of http-proxy-middleware is one.
 *
 * @public
 */
export type UpgradableHandler = Handler & { upgrade: UpgradeListener };

/** Whether a handler takes upgrade requests. */
export function isUpgradable(handler: Handler): handler is UpgradableHandler {
  return typeof (handler as Partial<UpgradableHandler>).upgrade === 'function';
}

/** The listeners by path; whole segments, whatever their case, the longest first. */
export class UpgradeRoutes {
  readonly #listeners = new Map<string, UpgradeListener>();
  #onFirst: (() => void) | undefined;

  /** Adds a listener; the one that was added last for a path gets its requests. */
  add(path: string, listener: UpgradeListener): void {
    const first = this.#listeners.size === 0;
    this.#listeners.set(path.toLowerCase().replace(/\/+$/, ''), listener);
    if (first) {
      this.#onFirst?.();
    }
  }

  /** `react` is called as soon as there is a listener. */
  onFirst(react: () => void): void {
    this.#onFirst = react;
    if (this.#listeners.size > 0) {
      react();
    }
  }

  /** The listener for a URL, and the part of the URL's path that it was added for. */
  find(url: string): { listener: UpgradeListener; prefix: string } | undefined {
    const path = url.split('?', 1)[0]!;
    for (let end = path.length; end >= 0; end = path.lastIndexOf('/', end - 1)) {
      const prefix = path.slice(0, end);
      const listener = this.#listeners.get(prefix.toLowerCase());
      if (listener) {
        return { listener, prefix };
      }
      if (end === 0) {
        return undefined;
      }
    }
    return undefined;
  }
}
