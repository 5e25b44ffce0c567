// The default factory of coreServices.httpRouter.
import { pluginStatusServiceRef } from '@greenroom/backend-app-api';
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { readStartupRequestPauseTimeout } from './config';
import { PluginGate } from './PluginGate';
import { PluginHttpRouter } from './PluginHttpRouter';

/**
 * The HTTP router of a plugin, mounted at `/api/<pluginId>` of the root router.
 *
 * @public
 */
export const httpRouterServiceFactory = createServiceFactory({
  service: coreServices.httpRouter,
  deps: {
    config: coreServices.rootConfig,
    plugin: coreServices.pluginMetadata,
    rootHttpRouter: coreServices.rootHttpRouter,
    status: pluginStatusServiceRef,
  },
  createRootContext: ({ config }) => ({ pauseTimeout: readStartupRequestPauseTimeout(config) }),
  factory({ plugin, rootHttpRouter, status }, { pauseTimeout }) {
    const pluginId = plugin.getId();
    const router = new PluginHttpRouter(new PluginGate({ pluginId, status, pauseTimeout }));
    rootHttpRouter.use(`/api/${pluginId}`, router.handler());
    return router;
  },
});
