// Finds who takes an upgrade request, such as one for a WebSocket, by its path.
import { InputError } from '@backstage/errors';
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

/** Throws `InputError` for a path that no request can have. */
export function assertExactPath(path: string): void {
  if (/^\/[^?#]*$/.test(path)) return;
  throw new InputError(
    `A handler of WebSockets needs a path that begins with a slash and has no query: '${path}' is none`,
  );
}

/** The listeners by path: whole segments, whatever their case, the longest first; before them those of one exact path. */
export class UpgradeRoutes {
  readonly #listeners = new Map<string, UpgradeListener>();
  readonly #exact = new Map<string, UpgradeListener>();
  #onFirst: (() => void) | undefined;
  #isUsed = false;

  /** Adds a listener; the one that was added last for a path gets its requests. */
  add(path: string, listener: UpgradeListener): void {
    this.#listeners.set(path.toLowerCase().replace(/\/+$/, ''), listener);
    this.#noteFirst();
  }

  /** Adds the listener of one path, whose requests keep their whole URL; gives the function that removes it. Throws `InputError`. */
  addExact(path: string, listener: UpgradeListener): () => void {
    assertExactPath(path);
    if (this.#exact.has(path)) {
      throw new InputError(`The WebSockets of '${path}' have a handler already: remove one of the two`);
    }
    this.#exact.set(path, listener);
    this.#noteFirst();
    return () => void this.#exact.delete(path);
  }

  /** Whether there is, or was, a listener. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  #noteFirst(): void {
    this.#isUsed = true;
    this.#onFirst?.();
    this.#onFirst = undefined;
  }

  /** `react` is called as soon as there is a listener. */
  onFirst(react: () => void): void {
    this.#onFirst = react;
    if (this.#isUsed) {
      this.#noteFirst();
    }
  }

  /** The listener for a URL, and the part of the URL's path that it was added for. */
  find(url: string): { listener: UpgradeListener; prefix: string } | undefined {
    const path = url.split('?', 1)[0]!;
    const exact = this.#exact.get(path);
    if (exact) {
      return { listener: exact, prefix: '' };
    }
    for (let end = path.length; end >= 0; end = path.lastIndexOf('/', end - 1)) {
      const prefix = path.slice(0, end);
      const listener = this.#listeners.get(prefix.toLowerCase());
      if (listener) {
        return { listener, prefix };
      }
      if (end === 0) return undefined;
    }
    return undefined;
  }
}
