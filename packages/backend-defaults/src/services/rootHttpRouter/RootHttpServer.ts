// The root HTTP router with its server: assembles the standard chain of handlers and shuts the server down gracefully.
import type { PluginStatusService } from '@greenroom/backend-app-api';
import type {
  LoggerService,
  RootConfigService,
  RootHealthService,
  RootLifecycleService,
} from '@greenroom/backend-plugin-api';
import type { Express, Request, RequestHandler, Response } from 'express';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostInUrl } from '../../hostInUrl';
import {
  readDrainTimeout,
  readHttpServerOptions,
  readServerLimits,
  readShutdownDelay,
  readTrustProxy,
} from './config';
import type { Telemetry } from '../telemetry/Telemetry';
import { createHealthRouter } from './createHealthRouter';
import { createHttpServer, type ExtendedHttpServer } from './createHttpServer';
import { createUnmountedPluginHandler } from './createUnmountedPluginHandler';
import { createUpgradeDispatcher, isForDispatcher } from './upgrades/createUpgradeDispatcher';
import { DefaultRootHttpRouter, type DefaultRootHttpRouterOptions } from './DefaultRootHttpRouter';
import { createTelemetryMiddleware } from './middleware/telemetry';
import { followCertificate } from './certificates/followCertificate';
import { MiddlewareFactory } from './MiddlewareFactory';
import { runChain, type ChainHandler } from './runChain';
import { ServerApp } from './ServerApp';

/**
 * What a `configure` function receives. `app` has no handlers yet: `healthRouter` answers probes and belongs before
 * everything else, `routes` serves what plugins and root services mount, and `applyDefaults` adds these and the standard
 * middleware.
 *
 * @public
 */
export interface RootHttpRouterConfigureContext {
  app: Express;
  server: Server;
  middleware: MiddlewareFactory;
  routes: RequestHandler;
  config: RootConfigService;
  logger: LoggerService;
  lifecycle: RootLifecycleService;
  healthRouter: RequestHandler;
  applyDefaults: () => void;
}

/** Options of {@link RootHttpServer.create}. */
export interface RootHttpServerOptions extends DefaultRootHttpRouterOptions {
  config: RootConfigService;
  logger: LoggerService;
  lifecycle: RootLifecycleService;
  health: RootHealthService;
  pluginStatus: PluginStatusService;
  /** Default: no telemetry. */
  telemetry?: Telemetry;
  /** How many milliseconds a request waits for its plugin to start. */
  pauseTimeout: number;
  /** Milliseconds that a stop allows for requests that are already on their way. Default 100. */
  lateTime?: number;
  /** Builds the chain itself. An express application then handles all requests. */
  configure?(context: RootHttpRouterConfigureContext): void;
}

/**
 * A server with the root router. It does not listen before `start`.
 *
 * @public
 */
export class RootHttpServer {
  readonly router: DefaultRootHttpRouter;
  readonly server: ExtendedHttpServer;
  readonly #config: RootConfigService;
  readonly #shutdownDelay: number;
  readonly #drain: ServerParts['drain'];
  readonly #close: () => Promise<void>;

  static async create(options: RootHttpServerOptions): Promise<RootHttpServer> {
    const { config, logger, lifecycle, health, pluginStatus, pauseTimeout, configure } = options;
    const router = DefaultRootHttpRouter.create(options);
    const drain = { begun: false };
    const app = new ServerApp({ trustProxy: readTrustProxy(config) });
    router.onFirst(() => app.makeReady());
    const matched = router.handler();
    const unmounted = createUnmountedPluginHandler({ status: pluginStatus, pauseTimeout, routes: matched });
    const routes: RequestHandler = (req, res, next) =>
      matched(req, res, error => (error ? next(error) : unmounted(req, res, next)));
    const telemetry = await createTelemetryMiddleware(
      options.telemetry ?? {},
      id => pluginStatus.get(id) !== undefined,
    );
    const healthRouter = createHealthRouter({
      health,
      config,
      isDraining: () => drain.begun,
      onProbe: telemetry?.nameRoute,
    });
    const middleware = MiddlewareFactory.create({ config, logger });
    const standardChain = (): ChainHandler[] => [
      ...(telemetry ? [telemetry.measure] : []),
      middleware.logging(),
      middleware.helmet(),
      middleware.cors(),
      ...(middleware.limitsRate ? [middleware.rateLimit()] : []),
      middleware.compression(),
      routes,
      middleware.notFound(),
      ...(telemetry ? [telemetry.recordError] : []),
      middleware.error(),
    ];

    const server: ExtendedHttpServer = await createHttpServer(
      configure ? appListener(app) : chainListener(app, healthRouter, standardChain()),
      readHttpServerOptions(config.getOptionalConfig('backend')),
      {
        limits: readServerLimits(config),
        drainTimeout: readDrainTimeout(config),
        lateTime: options.lateTime,
        classes: app.classes,
        shouldUpgradeCallback: req => isForDispatcher(req, server, router.upgrades),
      },
    );
    router.upgrades.onFirst(() =>
      server.on(
        'upgrade',
        createUpgradeDispatcher({
          upgrades: router.upgrades,
          server,
          responseClass: app.classes.ServerResponse,
          logger,
          readQuery: url => app.readQuery(url),
          ...(middleware.limitsRate && { admit: middleware.rateLimit() }),
          refuse: error => [middleware.logging(), fail(error), middleware.error()],
        }),
      ),
    );
    const applyDefaults = () =>
      [healthRouter, ...standardChain()].forEach(handler => app.express.use(handler));
    const given = { server, middleware, routes, config, logger, lifecycle, healthRouter, applyDefaults };
    configure?.({ app: app.express, ...given });
    await middleware.ready();
    const unfollow = await followCertificate(server, { config, logger });
    const close = () => {
      unfollow();
      return middleware.close();
    };
    return new RootHttpServer({ router, server, config, drain, close });
  }

  private constructor({ router, server, config, drain, close }: ServerParts) {
    this.router = router;
    this.server = server;
    this.#config = config;
    // Read now, because a stop that can't read it would leave the server listening.
    this.#shutdownDelay = readShutdownDelay(config);
    this.#drain = drain;
    this.#close = close;
  }

  /** Starts to listen. Rejects with `PortInUseError` or `ListenFailedError`. */
  async start(): Promise<void> {
    try {
      await this.server.start();
    } catch (error) {
      await this.#close();
      throw error;
    }
  }

  /** The address to show to people, with the actual port. */
  get url(): string {
    const { listen, https } = readHttpServerOptions(this.#config.getOptionalConfig('backend'));
    const anywhere = ['', '0.0.0.0', '::', '127.0.0.1'].includes(listen.host);
    const host = anywhere ? 'localhost' : hostInUrl(listen.host);
    return `${https ? 'https' : 'http'}://${host}:${this.server.port()}`;
  }

  /**
   * Fails readiness probes, stops accepting after `backend.lifecycle.serverShutdownDelay`, and lets running requests
   * finish. Rejects with `DrainTimeoutError` if some had to be cut off.
   */
  async stop(): Promise<void> {
    this.#drain.begun = true;
    this.server.beginDrain();
    if (this.#shutdownDelay > 0) await sleep(this.#shutdownDelay);
    try {
      await this.server.stop();
    } finally {
      await this.#close();
    }
  }
}

interface ServerParts {
  readonly router: DefaultRootHttpRouter;
  readonly server: ExtendedHttpServer;
  readonly config: RootConfigService;
  readonly drain: { begun: boolean };
  readonly close: () => Promise<void>;
}

function fail(error: unknown): RequestHandler {
  return (_req, _res, next) => next(error);
}

function appListener(app: ServerApp): RequestListener {
  const { express } = app;
  return (message: IncomingMessage, response: ServerResponse) => {
    const req = message as unknown as Request;
    req.url = originForm(req.url);
    req.query = app.readQuery(req.url);
    express(req, response);
  };
}

/** Answers probes first, because only other requests need the express application. */
function chainListener(
  app: ServerApp,
  healthRouter: RequestHandler,
  chain: readonly ChainHandler[],
): RequestListener {
  return (message: IncomingMessage, response: ServerResponse) => {
    const req = message as unknown as Request;
    const res = response as unknown as Response;
    req.url = originForm(req.url);
    healthRouter(req, res, failure => {
      app.makeReady();
      req.originalUrl = req.url;
      // A property of its own, set once: middleware that fills in defaults changes it in place, and an express 4
      // application gives the request a prototype without a `query`.
      req.query = app.readQuery(req.url);
      req.res = res;
      runChain(failure === undefined ? chain : [fail(failure), ...chain], req, res, error => {
        // Only reached if the error handler itself failed.
        res.destroy(error instanceof Error ? error : undefined);
      });
    });
  };
}

/** Proxies may send the whole URL as the request target; routing needs its path. */
function originForm(url: string): string {
  if (url.charCodeAt(0) === 0x2f) return url;
  const path = /^[a-z][a-z\d+.-]*:\/\/[^/?]*(.*)$/i.exec(url)?.[1] ?? url;
  return path.startsWith('/') ? path : `/${path}`;
}
