// The root HTTP router of a test backend: the default server, on a free port.
import { pluginStatusServiceRef } from '@greenroom/backend-app-api';
import { httpServerAddressServiceRef } from '@greenroom/backend-defaults/discovery';
import { RootHttpServer, type ExtendedHttpServer } from '@greenroom/backend-defaults/rootHttpRouter';
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { onFreePort } from './onFreePort';

const pauseTimeout = 5_000;

/** `onServer` is called with the server once it listens. */
export function createTestHttpRouterFactory(onServer: (server: ExtendedHttpServer) => void) {
  return createServiceFactory({
    service: coreServices.rootHttpRouter,
    deps: {
      address: httpServerAddressServiceRef,
      config: coreServices.rootConfig,
      health: coreServices.rootHealth,
      lifecycle: coreServices.rootLifecycle,
      logger: coreServices.rootLogger,
      pluginStatus: pluginStatusServiceRef,
    },
    async factory({ address, config, ...deps }) {
      const options = { ...deps, config: onFreePort(config), pauseTimeout, lateTime: 0 };
      const http = await RootHttpServer.create(options);
      await http.start();
      deps.lifecycle.addBeforeShutdownHook(() => http.stop());
      address.report(http.url);
      onServer(http.server);
      return http.router;
    },
  });
}
