// The contract of the HTTP server's own routes.
import type { Handler } from 'express';

/** Mounts handlers at the root of the HTTP server. Plugins use the `httpRouter` service instead. */
export interface RootHttpRouterService {
  /** Mounts `handler` at `path`, which must not be empty. Two handlers may not claim overlapping paths. */
  use(path: string, handler: Handler): void;
}
