// Finds the listener for an upgrade request, such as one for a WebSocket, by its path.
import { InputError } from '@backstage/errors';
import type { Handler, Request } from 'express';
import type { Duplex } from 'node:stream';
import { PathMap } from '../PathMap';

/**
 * Takes over a connection and responds on the socket itself. `req.url` is relative to the path of the handler.
 *
 * @public
 */
export type UpgradeListener = (req: Request, socket: Duplex, head: Buffer) => void | Promise<void>;

/**
 * A handler that also takes upgrade requests, such as the middleware of http-proxy-middleware.
 *
 * @public
 */
export type UpgradableHandler = Handler & { upgrade: UpgradeListener };

/** Whether a handler takes upgrade requests. */
export function isUpgradable(handler: Handler): handler is UpgradableHandler {
  return typeof (handler as Partial<UpgradableHandler>).upgrade === 'function';
}

/** Throws `InputError` if no request can have this path. */
export function assertExactPath(path: string): void {
  if (/^\/[^?#]*$/.test(path)) return;
  throw new InputError(
    `A WebSocket handler needs a path that begins with a slash and has no query, not '${path}'`,
  );
}

/** Listeners by path: whole segments, ignoring case, the longest first. Those of an exact path take precedence. */
export class UpgradeRoutes {
  readonly #listeners = new PathMap<UpgradeListener>();
  readonly #exact = new Map<string, UpgradeListener>();
  #onFirst: (() => void) | undefined;
  #isUsed = false;

  /** Adds a listener, which replaces an earlier one for the same path. Returns a function that removes it. */
  add(path: string, listener: UpgradeListener): () => void {
    this.#listeners.set(path, listener);
    this.#noteFirst();
    return () => {
      // Another one may have taken its place.
      if (this.#listeners.get(path) === listener) this.#listeners.delete(path);
    };
  }

  /** Adds a listener for one exact path; `req.url` stays whole. Returns a function that removes it. Throws `InputError`. */
  addExact(path: string, listener: UpgradeListener): () => void {
    assertExactPath(path);
    if (this.#exact.has(path)) {
      throw new InputError(`The WebSockets of '${path}' have a handler already: remove one of the two`);
    }
    this.#exact.set(path, listener);
    this.#noteFirst();
    return () => {
      // Another one may have taken its place.
      if (this.#exact.get(path) === listener) this.#exact.delete(path);
    };
  }

  /** Whether there is or has been a listener. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  #noteFirst(): void {
    this.#isUsed = true;
    this.#onFirst?.();
    this.#onFirst = undefined;
  }

  /** `react` is called when the first listener is added. */
  onFirst(react: () => void): void {
    this.#onFirst = react;
  }

  /** The listener for a URL, and the part of the URL's path that it was added for; undefined if there is none. */
  find(url: string): { listener: UpgradeListener; prefix: string } | undefined {
    const exact = this.#exact.get(url.split('?', 1)[0]!);
    if (exact) {
      return { listener: exact, prefix: '' };
    }
    // The target of a request may also be a whole URL, which has no path to match here.
    const found = url.startsWith('/') ? this.#listeners.find(url) : undefined;
    return found && { listener: found.value, prefix: found.prefix };
  }
}
