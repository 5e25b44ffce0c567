// The default factory of coreServices.cache.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { healthChecksServiceRef } from '../rootHealth/healthChecksServiceRef';
import { telemetryServiceRef } from '../telemetry/telemetryServiceRef';

/**
 * A cache for every plugin. Connects when the first plugin asks for one, and closes after the shutdown hooks of all
 * plugins.
 *
 * @public
 */
export const cacheServiceFactory = createServiceFactory({
  service: coreServices.cache,
  deps: {
    config: coreServices.rootConfig,
    health: healthChecksServiceRef,
    telemetry: telemetryServiceRef,
    logger: coreServices.rootLogger,
    plugin: coreServices.pluginMetadata,
    rootLifecycle: coreServices.rootLifecycle,
  },
  async createRootContext({ config, health, logger, rootLifecycle, telemetry }) {
    const { PluginCaches } = await import('./PluginCaches');
    const caches = await PluginCaches.create({ config, logger });
    if (caches.check) {
      health.add({ name: 'cache', check: caches.check });
    }
    rootLifecycle.addShutdownHook(() => caches.close());
    const reads = telemetry.meter?.createCounter('greenroom.cache.reads', {
      description: 'Values that plugins asked their caches for, by whether they were there',
    });
    return { caches, reads };
  },
  factory({ plugin }, { caches, reads }) {
    const pluginId = plugin.getId();
    const onRead =
      reads && ((hit: boolean) => reads.add(1, { plugin: pluginId, result: hit ? 'hit' : 'miss' }));
    return caches.forPlugin(pluginId, { onRead });
  },
});
