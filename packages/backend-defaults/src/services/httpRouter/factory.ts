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
    lifecycle: coreServices.lifecycle,
    plugin: coreServices.pluginMetadata,
    rootHttpRouter: coreServices.rootHttpRouter,
    status: pluginStatusServiceRef,
  },
  createRootContext: ({ config }) => ({ pauseTimeout: readStartupRequestPauseTimeout(config) }),
  factory({ lifecycle, plugin, rootHttpRouter, status }, { pauseTimeout }) {
    const pluginId = plugin.getId();
    const router = new PluginHttpRouter(new PluginGate({ pluginId, status, pauseTimeout }));
    rootHttpRouter.use(`/api/${pluginId}`, router.handler());
    // A plugin that is tried again after a failed start gets a new router; the old one must not answer for it.
    lifecycle.addShutdownHook(() => router.close());
    return router;
  },
});
