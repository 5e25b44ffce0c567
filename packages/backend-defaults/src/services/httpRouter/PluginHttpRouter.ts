// The HTTP router of one plugin: its handlers behind its gate and the check of credentials.
import { InputError } from '@backstage/errors';
import type {
  BackstageCredentials,
  HttpRouterService,
  HttpRouterServiceAuthPolicy,
  HttpRouterServiceWebSocketHandler,
  RootHttpRouterServiceWebSocketHandler,
} from '@greenroom/backend-plugin-api';
import { describe } from '@greenroom/backend-plugin-api/internal';
import type { Handler, Request, RequestHandler, Response } from 'express';
import type { Duplex } from 'node:stream';
import { passes, runChain } from '../rootHttpRouter/runChain';
import { assertExactPath, isUpgradable, type UpgradeListener } from '../rootHttpRouter/UpgradeRoutes';
import type { WebSocketCaller } from './createWebSocketAuthentication';
import type { PluginGate } from './PluginGate';

/**
 * Options of {@link PluginHttpRouter}.
 *
 * @public
 */
export interface PluginHttpRouterOptions {
  gate: PluginGate;
  /** Checks credentials; see `createCredentialsBarrier`. */
  barrier: { middleware: RequestHandler; addAuthPolicy: (policy: HttpRouterServiceAuthPolicy) => void };
  /** Get requests below `/.backstage/auth/` at any time, whoever sends them. */
  authEndpoints: readonly RequestHandler[];
  /** Called once, when a handler that takes upgrade requests was added. */
  onUpgradable?(upgrade: UpgradeListener): void;
  /** What handlers of WebSockets need. Without it none can be added. */
  webSockets?: {
    /** Mounts a handler at a path of the plugin; may give the function that takes it away again. */
    mount(options: RootHttpRouterServiceWebSocketHandler): unknown;
    /** Rejects where it must not be opened. */
    authenticate(req: Request): Promise<WebSocketCaller>;
    noCredentials(): Promise<BackstageCredentials>;
  };
}

/**
 * Collects what a plugin serves.
 *
 * @public
 */
export class PluginHttpRouter implements HttpRouterService {
  readonly #options: PluginHttpRouterOptions;
  readonly #handlers: Handler[] = [];
  #upgrade: UpgradeListener | undefined;
  readonly #unmount: Array<() => void> = [];
  #closed = false;

  constructor(options: PluginHttpRouterOptions) {
    this.#options = options;
  }

  /** Adds a handler, after those added before. The first one with an `upgrade` method takes the upgrade requests. */
  use(handler: Handler): void {
    if (typeof handler !== 'function') {
      throw new InputError(
        `The HTTP router was given ${describe(handler)}, which is no handler: give use() a router of express, which has the paths`,
      );
    }
    this.#handlers.push(handler);
    if (!this.#upgrade && isUpgradable(handler)) {
      this.#upgrade = handler.upgrade;
      this.#options.onUpgradable?.((req, socket, head) => this.#takeUpgrade(req, socket, head));
    }
  }

  /** Takes the WebSockets of one path, once the plugin has started. Throws `InputError`. */
  addWebSocketHandler({ path, handler, authPolicy }: HttpRouterServiceWebSocketHandler): void {
    const { gate, webSockets } = this.#options;
    if (!webSockets) {
      throw new Error(`This router takes no WebSockets, so none of '${path}' either`);
    }
    assertExactPath(path);
    if (authPolicy !== undefined && authPolicy !== 'unauthenticated') {
      throw new InputError(
        `The WebSockets of '${path}' have the unknown policy '${String(authPolicy)}': leave it out, or let in everybody with 'unauthenticated'`,
      );
    }
    const open: RootHttpRouterServiceWebSocketHandler['handler'] = async context => {
      const req = context.request as Request;
      await passesGate(gate, req, context.socket);
      const caller = authPolicy
        ? { credentials: await webSockets.noCredentials() }
        : await webSockets.authenticate(req);
      await handler({ ...context, ...caller });
    };
    const unmount = webSockets.mount({ path, handler: open });
    if (typeof unmount === 'function') this.#unmount.push(unmount as () => void);
  }

  /** Lets requests without full credentials through. Throws `InputError` for a policy that is not understood. */
  addAuthPolicy(policy: HttpRouterServiceAuthPolicy): void {
    this.#options.barrier.addAuthPolicy(policy);
  }

  /** Rejects where the gate or the check of credentials refuses, before anything was sent. */
  async #takeUpgrade(req: Request, socket: Duplex, head: Buffer): Promise<void> {
    const { gate, barrier } = this.#options;
    await passesGate(gate, req, socket);
    await passes([barrier.middleware], req, socket as unknown as Response);
    await this.#upgrade!(req, socket, head);
  }

  /** From now on requests are passed on, to a later router of the same plugin if there is one. */
  close(): void {
    this.#closed = true;
    this.#unmount.splice(0).forEach(unmount => unmount());
  }

  /** The handler to mount: the gate, the check of credentials, then the plugin's handlers. */
  handler(): Handler {
    const { gate, barrier, authEndpoints } = this.#options;
    const serve: RequestHandler = (req, res, next) =>
      barrier.middleware(req, res, error => (error ? next(error) : runChain(this.#handlers, req, res, next)));
    const serveWhenStarted: RequestHandler = (req, res, next) =>
      // Policies are added while the plugin starts, so they are asked afterwards.
      gate.open
        ? serve(req, res, next)
        : gate.pass(req, res, error => (error ? next(error) : serve(req, res, next)));
    return (req, res, next) => {
      if (this.#closed) {
        next();
      } else if (req.url.startsWith('/.backstage/auth/')) {
        // A plugin that calls others while it starts is asked for its keys then.
        runChain(authEndpoints, req, res, error => (error ? next(error) : serveWhenStarted(req, res, next)));
      } else {
        serveWhenStarted(req, res, next);
      }
    };
  }
}

function passesGate(gate: PluginGate, req: Request, socket: Duplex): Promise<void> {
  // It needs no more of a response than to know when its connection closes.
  const res = socket as unknown as Response;
  const guard: RequestHandler = (_req, _res, next) => gate.pass(req, res, next);
  return passes([guard], req, res);
}
