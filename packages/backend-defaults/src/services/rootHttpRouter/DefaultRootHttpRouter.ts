// Finds the handlers of a request by the first segments of its path.
import type {
  RootHttpRouterService,
  RootHttpRouterServiceWebSocketHandler,
} from '@greenroom/backend-plugin-api';
import type { Handler, NextFunction, Request, RequestHandler, Response, Router } from 'express';
import { loadExpress } from './loadExpress';
import { type FoundPath, PathMap } from './PathMap';
import { runChain } from './runChain';
import { isUpgradable, UpgradeRoutes } from './upgrades/UpgradeRoutes';

/**
 * Options of {@link DefaultRootHttpRouter}.
 *
 * @public
 */
export interface DefaultRootHttpRouterOptions {
  /** The path whose handlers get all requests outside `/api` that match nothing else. Default `/api/app`; `false` for none. */
  indexPath?: string | false;
}

/**
 * Routes with a map from path to handlers, so that the hundredth path costs no more than the first. The longest
 * matching path comes first; a handler that calls `next` passes the request on to the next shorter one. Paths match
 * whole segments, ignoring case. Express patterns are tried one after another if no plain path has handled the
 * request.
 *
 * @public
 */
export class DefaultRootHttpRouter implements RootHttpRouterService {
  /** Routes of upgrade requests: handlers with an `upgrade` method, and WebSocket handlers. */
  readonly upgrades = new UpgradeRoutes();
  readonly #routes = new PathMap<Handler[]>();
  readonly #indexPath: string | false;
  #onFirst: (() => void) | undefined;
  #patterns: Router | undefined;

  static create(options?: DefaultRootHttpRouterOptions): DefaultRootHttpRouter {
    return new DefaultRootHttpRouter(options?.indexPath ?? '/api/app');
  }

  private constructor(indexPath: string | false) {
    this.#indexPath = indexPath;
  }

  /** `react` is called when the first handler is added. */
  onFirst(react: () => void): void {
    this.#onFirst = react;
  }

  /** Adds a handler below a path of plain segments, such as `/api/catalog`, or below an express pattern. */
  use(path: string, handler: Handler): void {
    if (/^[\w\-./~@%]*$/.test(path)) {
      this.useRemovable(path, handler);
      return;
    }
    this.#noteFirst();
    this.#patterns ??= loadExpress().Router();
    this.#patterns.use(path, handler);
  }

  /** Adds a handler below a path of plain segments. Returns a function that removes it. */
  useRemovable(path: string, handler: Handler): () => void {
    this.#noteFirst();
    const removeUpgrade = isUpgradable(handler) && this.upgrades.add(path, handler.upgrade);
    const handlers = () => this.#routes.get(path) ?? [];
    this.#routes.set(path, [...handlers(), handler]);
    return () => {
      this.#routes.set(path, without(handlers(), handler));
      if (removeUpgrade) removeUpgrade();
    };
  }

  #noteFirst(): void {
    this.#onFirst?.();
    this.#onFirst = undefined;
  }

  /** Adds a handler for the WebSockets of one path. Returns a function that removes it. Throws `InputError`. */
  addWebSocketHandler({ path, handler }: RootHttpRouterServiceWebSocketHandler): () => void {
    return this.upgrades.addExact(path, (request, socket, head) => handler({ request, socket, head }));
  }

  /** The handler that does the routing. It calls `next` if nothing has handled the request. */
  handler(): RequestHandler {
    return (req, res, next) => this.#tryFrom(0, req, res, next);
  }

  #tryFrom(position: number, req: Request, res: Response, next: NextFunction): void {
    const found = this.#routes.find(req.url, position);
    if (found) {
      runBelow(found, req, res, error => (error ? next(error) : this.#tryFrom(found.next, req, res, next)));
    } else if (this.#patterns) {
      this.#patterns(req, res, error => (error ? next(error) : this.#tryIndex(req, res, next)));
    } else {
      this.#tryIndex(req, res, next);
    }
  }

  #tryIndex(req: Request, res: Response, next: NextFunction): void {
    const isOpen = this.#indexPath !== false && !belowApi.test(req.url);
    const index = isOpen && this.#routes.get(this.#indexPath);
    if (index) {
      runChain(index, req, res, next);
    } else {
      next();
    }
  }
}

/** Without the first occurrence, as a handler may have been added several times. */
function without(handlers: readonly Handler[], handler: Handler): Handler[] {
  const at = handlers.indexOf(handler);
  return handlers.filter((_, index) => index !== at);
}

/** Runs the handlers with a URL that is relative to their path. */
function runBelow(
  { prefix, value: handlers }: FoundPath<readonly Handler[]>,
  req: Request,
  res: Response,
  next: NextFunction,
): void {
  const { url, baseUrl, params } = req;
  req.url = urlBelow(prefix, url);
  req.baseUrl = baseUrl + prefix;
  runChain(handlers, req, res, error => {
    req.url = url;
    req.baseUrl = baseUrl;
    req.params = params;
    next(error);
  });
}

function urlBelow(prefix: string, url: string): string {
  const rest = url.slice(prefix.length);
  // Clients that join a base URL and a path may send two slashes, which routers of express 4 treated as one.
  if (prefix !== '' && rest.startsWith('//')) return rest.slice(1);
  return rest.charCodeAt(0) === slash ? rest : `/${rest}`;
}

/** The paths of plugins. An index page in place of something that a plugin lacks would be taken for its answer. */
const belowApi = /^\/api(?:[/?]|$)/i;

const slash = 0x2f;
