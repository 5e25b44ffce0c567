// The default factory of coreServices.rootHttpRouter.
import { pluginStatusServiceRef, startupReporterServiceRef } from '@greenroom/backend-app-api';
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { httpServerAddressServiceRef } from '../discovery/HttpServerAddress';
import { telemetryServiceRef } from '../telemetry/telemetryServiceRef';
import { readStartupRequestPauseTimeout } from '../httpRouter/config';
import type { RootHttpRouterConfigureContext } from './RootHttpServer';

/**
 * Options of {@link rootHttpRouterServiceFactory}.
 *
 * @public
 */
export interface RootHttpRouterFactoryOptions {
  /** The path whose handlers get all requests outside `/api` that match nothing else. Default `/api/app`; `false` for none. */
  indexPath?: string | false;
  /** Builds the chain of handlers itself, on an express application. */
  configure?(context: RootHttpRouterConfigureContext): void;
}

const rootHttpRouterServiceFactoryWithOptions = (options?: RootHttpRouterFactoryOptions) =>
  createServiceFactory({
    service: coreServices.rootHttpRouter,
    deps: {
      address: httpServerAddressServiceRef,
      config: coreServices.rootConfig,
      health: coreServices.rootHealth,
      lifecycle: coreServices.rootLifecycle,
      logger: coreServices.rootLogger,
      pluginStatus: pluginStatusServiceRef,
      reporter: startupReporterServiceRef,
      telemetry: telemetryServiceRef,
    },
    async factory({ address, reporter, ...deps }) {
      const { RootHttpServer } = await import('./RootHttpServer');
      const pauseTimeout = readStartupRequestPauseTimeout(deps.config);
      const server = await RootHttpServer.create({ ...deps, ...options, pauseTimeout });
      await server.start();
      deps.lifecycle.addBeforeShutdownHook(() => server.stop());
      address.report(server.url);
      reporter.addLine('Listening', server.url);
      return server.router;
    },
  });

/**
 * The HTTP server of the backend and its router. It listens as soon as it is created, so that probes are answered
 * while plugins start.
 *
 * @public
 */
export const rootHttpRouterServiceFactory = Object.assign(
  rootHttpRouterServiceFactoryWithOptions,
  rootHttpRouterServiceFactoryWithOptions(),
);
