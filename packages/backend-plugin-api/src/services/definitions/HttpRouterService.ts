// The contract of a plugin's HTTP routes.
import type { Handler } from 'express';

/** An exception from the rule that requests need credentials. */
export interface HttpRouterServiceAuthPolicy {
  /** Relative to the plugin's base URL; may have placeholders. What lies below it is included. */
  path: string;
  /** `unauthenticated`: no credentials needed. `user-cookie`: a cookie is enough. */
  allow: 'unauthenticated' | 'user-cookie';
}

/** Serves the HTTP routes of one plugin, at `/api/<pluginId>`. */
export interface HttpRouterService {
  /** Mounts a handler, typically an express router. */
  use(handler: Handler): void;
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
