// The interface for routes of the HTTP server itself.
import type { Handler } from 'express';
import type { HttpRouterServiceWebSocketContext } from './HttpRouterService';

/** A handler of WebSockets, and the path whose WebSockets it gets. It checks credentials itself. */
export interface RootHttpRouterServiceWebSocketHandler {
  /** The whole path, and exact: no placeholders, nothing below it, case and slashes count. */
  path: string;
  /** Takes the connection, or closes it, before it is done. */
  handler(
    context: Pick<HttpRouterServiceWebSocketContext, 'request' | 'socket' | 'head'>,
  ): void | Promise<void>;
}

/** Mounts handlers at the root of the HTTP server. Plugins use the `httpRouter` service instead. */
export interface RootHttpRouterService {
  /** Mounts `handler` at `path`, which must not be empty. Two handlers may not claim overlapping paths. */
  use(path: string, handler: Handler): void;
  /**
   * Takes the WebSockets of one path, whoever opens them.
   *
   * @throws an `InputError` for a path that does not begin with a slash, has a query, or is taken already.
   */
  addWebSocketHandler(options: RootHttpRouterServiceWebSocketHandler): void;
}
