// The HTTP router of one plugin: its handlers behind its gate and the credentials check.
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
import {
  assertExactPath,
  isUpgradable,
  type UpgradeListener,
} from '../rootHttpRouter/upgrades/UpgradeRoutes';
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
  /** Handlers for requests below `/.backstage/auth/`, which they receive at any time and from anybody. */
  authEndpoints: readonly RequestHandler[];
  /**
   * Called once, when a handler that takes upgrade requests has been added. May return a function that removes what
   * this mounts.
   */
  onUpgradable?(upgrade: UpgradeListener): unknown;
  /** What WebSocket handlers need. Without it, none can be added. */
  webSockets?: {
    /** Mounts a handler at a path of the plugin. May return a function that removes it. */
    mount(options: RootHttpRouterServiceWebSocketHandler): unknown;
    /** Rejects if the WebSocket must not be opened. */
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

  /** Adds a handler after the previous ones. The first one with an `upgrade` method takes the upgrade requests. */
  use(handler: Handler): void {
    if (typeof handler !== 'function') {
      throw new InputError(
        `The HTTP router was given ${describe(handler)}, which is not a handler: give use() a router of express, which has the paths`,
      );
    }
    this.#handlers.push(handler);
    if (!this.#upgrade && isUpgradable(handler)) {
      this.#upgrade = handler.upgrade;
      this.whenClosed(
        this.#options.onUpgradable?.((req, socket, head) => this.#takeUpgrade(req, socket, head)),
      );
    }
  }

  /** Handles the WebSockets of one path, once the plugin has started. Throws `InputError`. */
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
    this.whenClosed(webSockets.mount({ path, handler: open }));
  }

  /** Calls a function that removes something which was mounted for this router; does nothing with anything else. */
  whenClosed(unmount: unknown): void {
    if (typeof unmount === 'function') this.#unmount.push(unmount as () => void);
  }

  /** Lets requests through without full credentials. Throws `InputError` for an invalid policy. */
  addAuthPolicy(policy: HttpRouterServiceAuthPolicy): void {
    this.#options.barrier.addAuthPolicy(policy);
  }

  /** Rejects if the gate or the credentials check refuses, before anything has been sent. */
  async #takeUpgrade(req: Request, socket: Duplex, head: Buffer): Promise<void> {
    const { gate, barrier } = this.#options;
    await passesGate(gate, req, socket);
    await passes([barrier.middleware], req, socket as unknown as Response);
    await this.#upgrade!(req, socket, head);
  }

  /** From now on, passes requests on, to a later router of the same plugin if there is one. */
  close(): void {
    this.#closed = true;
    this.#unmount.splice(0).forEach(unmount => unmount());
  }

  /** The handler to mount: the gate, the credentials check, then the plugin's handlers. */
  handler(): Handler {
    const { gate, barrier, authEndpoints } = this.#options;
    const serve: RequestHandler = (req, res, next) =>
      barrier.middleware(req, res, error => (error ? next(error) : runChain(this.#handlers, req, res, next)));
    const serveWhenStarted: RequestHandler = (req, res, next) =>
      // The gate comes first, because policies are added while the plugin starts.
      gate.open
        ? serve(req, res, next)
        : gate.pass(req, res, error => (error ? next(error) : serve(req, res, next)));
    return (req, res, next) => {
      if (this.#closed) {
        next();
      } else if (req.url.startsWith('/.backstage/auth/')) {
        // A plugin that calls others while it starts is already asked for its keys.
        runChain(authEndpoints, req, res, error => (error ? next(error) : serveWhenStarted(req, res, next)));
      } else {
        serveWhenStarted(req, res, next);
      }
    };
  }
}

function passesGate(gate: PluginGate, req: Request, socket: Duplex): Promise<void> {
  // The gate only uses the response to notice that its connection has closed.
  const res = socket as unknown as Response;
  const guard: RequestHandler = (_req, _res, next) => gate.pass(req, res, next);
  return passes([guard], req, res);
}
