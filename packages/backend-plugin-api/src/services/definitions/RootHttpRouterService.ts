// The interface for routes of the HTTP server itself.
import type { Handler } from 'express';
import type { HttpRouterServiceWebSocketContext } from './HttpRouterService';

/** A handler for the WebSockets of one path. It checks credentials itself. */
export interface RootHttpRouterServiceWebSocketHandler {
  /** The full path. Matched exactly: no placeholders, no paths below it, and case and slashes matter. */
  path: string;
  /** Must accept or close the connection before it returns or resolves. */
  handler(
    context: Pick<HttpRouterServiceWebSocketContext, 'request' | 'socket' | 'head'>,
  ): void | Promise<void>;
}

/** Mounts handlers at the root of the HTTP server. Plugins use the `httpRouter` service instead. */
export interface RootHttpRouterService {
  /**
   * Mounts `handler` at `path`, which must not be empty, and all paths below it. Of several handlers, the one with the
   * longest path comes first.
   */
  use(path: string, handler: Handler): void;
  /**
   * Handles the WebSockets of one path, without checking credentials.
   *
   * @throws an `InputError` if the path does not begin with a slash, has a query, or is already taken.
   */
  addWebSocketHandler(options: RootHttpRouterServiceWebSocketHandler): void;
}
