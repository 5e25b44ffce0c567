// The interface for a plugin's HTTP routes.
import type { Handler } from 'express';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { BackstageCredentials } from './AuthService';

/** An exception to the rule that requests need credentials. */
export interface HttpRouterServiceAuthPolicy {
  /**
   * Relative to the plugin's base URL, and begins with a slash. Ignores case and includes all paths below it. A segment
   * may be a placeholder such as `:id`, the last one also `*rest`. Paths below `/.backstage` and
   * `/.well-known/backstage`, where services serve, are only included by a path that begins with these.
   */
  path: string;
  /** `unauthenticated`: no credentials are required. `user-cookie`: a cookie is sufficient. */
  allow: 'unauthenticated' | 'user-cookie';
}

/** What a WebSocket handler receives for each connection. */
export interface HttpRouterServiceWebSocketContext {
  /** The upgrade request, with its full URL. */
  request: IncomingMessage;
  /** The connection. The handler performs the handshake and chooses the protocol. */
  socket: Duplex;
  /** Data that the client has already sent after its request. */
  head: Buffer;
  /** The credentials of the client; of type `none` if the handler has the policy `unauthenticated`. */
  credentials: BackstageCredentials;
  /**
   * The offered protocol that carried the caller's token, if it was sent that way. It is a secret: choose another
   * protocol.
   */
  authProtocol?: string;
}

/** A handler for the WebSockets of one path. */
export interface HttpRouterServiceWebSocketHandler {
  /**
   * Relative to the plugin's base URL, which itself is `/`. Matched exactly: no placeholders, no paths below it, and
   * case and slashes matter.
   */
  path: string;
  /** Must accept or close the connection before it returns or resolves. */
  handler(context: HttpRouterServiceWebSocketContext): void | Promise<void>;
  /**
   * `unauthenticated` accepts every client, also pages of other sites. Without it a token is required; a cookie is not
   * sufficient.
   */
  authPolicy?: 'unauthenticated';
}

/** Serves the HTTP routes of one plugin, at `/api/<pluginId>`. */
export interface HttpRouterService {
  /** Mounts a handler, typically an Express router, after those mounted before. */
  use(handler: Handler): void;
  /**
   * Handles the WebSockets of one path. Connections wait until the plugin has started and need a token, either in the
   * `Authorization` header or, because browsers can't set it, as one of the offered protocols. HTTP handlers and auth
   * policies of paths do not apply, rate limits do. When the backend stops, the connections are closed.
   *
   * @throws an `InputError` if the path does not begin with a slash, has a query, or is already taken.
   *
   * @example
   * ```ts
   * httpRouter.addWebSocketHandler({
   *   path: '/live',
   *   handler: ({ request, socket, head }) => sockets.handleUpgrade(request, socket, head, greet),
   * });
   * ```
   */
  addWebSocketHandler(options: HttpRouterServiceWebSocketHandler): void;
  /**
   * Allows requests without full credentials to some of the plugin's routes. If several policies apply to a path, the
   * most permissive one counts.
   *
   * @throws an `InputError` if the path does not begin with a slash or has a pattern that is not supported.
   *
   * @example
   * ```ts
   * httpRouter.addAuthPolicy({ path: '/health', allow: 'unauthenticated' });
   * ```
   */
  addAuthPolicy(policy: HttpRouterServiceAuthPolicy): void;
}
