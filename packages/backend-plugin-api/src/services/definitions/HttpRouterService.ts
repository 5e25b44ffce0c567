// The interface for a plugin's HTTP routes.
import type { Handler } from 'express';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { BackstageCredentials } from './AuthService';

/** An exception from the rule that requests need credentials. */
export interface HttpRouterServiceAuthPolicy {
  /** Relative to the plugin's base URL; may have placeholders. What lies below it is included. */
  path: string;
  /** `unauthenticated`: no credentials needed. `user-cookie`: a cookie is enough. */
  allow: 'unauthenticated' | 'user-cookie';
}

/** What a handler of WebSockets receives with each of them. */
export interface HttpRouterServiceWebSocketContext {
  /** Its URL is whole. */
  request: IncomingMessage;
  /** The connection. Whoever has it does the handshake and chooses the protocol. */
  socket: Duplex;
  /** What the client has sent behind its request already. */
  head: Buffer;
  /** Of whoever opened it; of nobody where the handler lets in everybody. */
  credentials: BackstageCredentials;
  /** The offered protocol that was the caller's token, where that is how the token came. It is a secret: choose another one. */
  authProtocol?: string;
}

/** A handler of WebSockets, and the path whose WebSockets it gets. */
export interface HttpRouterServiceWebSocketHandler {
  /** Relative to the plugin's base URL, which itself is `/`. Exact: no placeholders, nothing below it, case and slashes count. */
  path: string;
  /** Takes the connection, or closes it, before it is done. */
  handler(context: HttpRouterServiceWebSocketContext): void | Promise<void>;
  /** `unauthenticated` lets in everybody. Without it a token is needed; a cookie is not enough. */
  authPolicy?: 'unauthenticated';
}

/** Serves the HTTP routes of one plugin, at `/api/<pluginId>`. */
export interface HttpRouterService {
  /** Mounts a handler, typically an express router. */
  use(handler: Handler): void;
  /**
   * Takes the WebSockets of one path. They wait for the plugin's start and need a token: in the `Authorization` header or,
   * as browsers can't send that, as one of the protocols they offer. Handlers, and policies for paths, are not asked.
   *
   * @throws an `InputError` for a path that does not begin with a slash, has a query, or is taken already.
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
   * Allows requests without full credentials to a part of the plugin's routes.
   *
   * @example
   * ```ts
   * httpRouter.addAuthPolicy({ path: '/health', allow: 'unauthenticated' });
   * ```
   */
  addAuthPolicy(policy: HttpRouterServiceAuthPolicy): void;
}
