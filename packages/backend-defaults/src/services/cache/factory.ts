// The default factory of coreServices.cache.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { healthChecksServiceRef } from '../rootHealth/healthChecksServiceRef';

/**
 * A cache for every plugin. Connected when the first plugin asks for one, and closed when the shutdown hooks of all plugins are
 * done.
 *
 * @public
 */
export const cacheServiceFactory = createServiceFactory({
  service: coreServices.cache,
  deps: {
    config: coreServices.rootConfig,
    health: healthChecksServiceRef,
    logger: coreServices.rootLogger,
    plugin: coreServices.pluginMetadata,
    rootLifecycle: coreServices.rootLifecycle,
  },
  async createRootContext({ config, health, logger, rootLifecycle }) {
    const { PluginCaches } = await import('./PluginCaches');
    const caches = await PluginCaches.create({ config, logger });
    if (caches.check) {
      health.add({ name: 'cache', check: caches.check });
    }
    rootLifecycle.addShutdownHook(() => caches.close());
    return caches;
  },
  factory: ({ plugin }, caches) => caches.forPlugin(plugin.getId()),
});
