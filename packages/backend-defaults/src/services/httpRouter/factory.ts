// The default factory of coreServices.httpRouter.
import { pluginStatusServiceRef } from '@greenroom/backend-app-api';
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import type { Handler } from 'express';
import { readStartupRequestPauseTimeout } from './config';
import { createAuthIntegrationRouter } from './createAuthIntegrationRouter';
import { createCookieAuthRefreshMiddleware } from './createCookieAuthRefreshMiddleware';
import { createCredentialsBarrier } from './createCredentialsBarrier';
import { createWebSocketAuthentication } from './createWebSocketAuthentication';
import { mountAtRoot } from './mountAtRoot';
import { PluginGate } from './PluginGate';
import { PluginHttpRouter } from './PluginHttpRouter';

/**
 * The HTTP router of a plugin, mounted at `/api/<pluginId>` of the root router.
 *
 * @public
 */
export const httpRouterServiceFactory = createServiceFactory({
  service: coreServices.httpRouter,
  // Even a plugin without routes is asked for its keys, by the plugins that it calls.
  initialization: 'always',
  deps: {
    auth: coreServices.auth,
    config: coreServices.rootConfig,
    httpAuth: coreServices.httpAuth,
    lifecycle: coreServices.lifecycle,
    plugin: coreServices.pluginMetadata,
    rootHttpRouter: coreServices.rootHttpRouter,
    status: pluginStatusServiceRef,
  },
  createRootContext: ({ config }) => ({ pauseTimeout: readStartupRequestPauseTimeout(config) }),
  factory({ auth, config, httpAuth, lifecycle, plugin, rootHttpRouter, status }, { pauseTimeout }) {
    const pluginId = plugin.getId();
    const path = `/api/${pluginId}`;
    const mount = (handler: Handler) => mountAtRoot(rootHttpRouter, path, handler);
    const router = new PluginHttpRouter({
      gate: new PluginGate({ pluginId, status, pauseTimeout }),
      barrier: createCredentialsBarrier({ httpAuth, config }),
      authEndpoints: [
        createAuthIntegrationRouter({ auth }),
        createCookieAuthRefreshMiddleware({ auth, httpAuth }),
      ],
      onUpgradable: upgrade =>
        mount(Object.assign<Handler, object>((_req, _res, next) => next(), { upgrade })),
      webSockets: {
        mount: ({ path: below, handler }) =>
          rootHttpRouter.addWebSocketHandler({ path: below === '/' ? path : path + below, handler }),
        authenticate: createWebSocketAuthentication({ auth, httpAuth, config }),
        noCredentials: () => auth.getNoneCredentials(),
      },
    });
    router.whenClosed(mount(router.handler()));
    // A plugin that is retried after a failed start gets a new router; the old one must neither answer for it nor stay.
    lifecycle.addShutdownHook(() => router.close());
    return router;
  },
});
