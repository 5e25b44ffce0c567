// Makes a backend wait, before it is ready, for the plugins of other backends that its configuration names.
import { coreServices, createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';
import { httpServerAddressServiceRef } from '../discovery/HttpServerAddress';
import { readNeededPlugins } from './config';
import { leadsHere } from './leadsHere';
import type { NeededPlugins } from './NeededPlugins';

/** Nothing depends on it: it works through its hooks. */
const neededPluginsServiceRef = createServiceRef<{ readonly pluginIds: readonly string[] }>({
  id: 'greenroom.neededPlugins',
  scope: 'root',
});

/**
 * Waits for `backend.startup.needs` once all plugins have started. Plugins of this backend are there already.
 *
 * @public
 */
export const neededPluginsServiceFactory = createServiceFactory({
  service: neededPluginsServiceRef,
  deps: {
    address: httpServerAddressServiceRef,
    config: coreServices.rootConfig,
    instance: coreServices.rootInstanceMetadata,
    lifecycle: coreServices.rootLifecycle,
    logger: coreServices.rootLogger,
  },
  factory({ address, config, instance, lifecycle, logger }) {
    const { pluginIds, timeoutMs } = readNeededPlugins(config);
    if (pluginIds.length === 0) return { pluginIds };
    const stopped = new AbortController();
    lifecycle.addStartupHook(async () => {
      const installed = new Set((await instance.getInstalledPlugins()).map(({ pluginId }) => pluginId));
      const elsewhere = pluginIds.filter(pluginId => !installed.has(pluginId));
      if (elsewhere.length === 0) return;
      const [{ NeededPlugins }, { HostDiscovery }] = await Promise.all([
        import('./NeededPlugins'),
        import('../discovery/HostDiscovery'),
      ]);
      const located = HostDiscovery.fromConfig(config, { serverUrl: () => address.url });
      const discovery = {
        async getBaseUrl(pluginId: string) {
          const url = await located.getBaseUrl(pluginId);
          if (!leadsHere(url, address.url)) return url;
          throw new Error(
            'discovery.endpoints has no other address for it than that of this backend, which does not have it',
          );
        },
      };
      const needed: NeededPlugins = new NeededPlugins({ discovery, logger });
      try {
        await needed.wait(elsewhere, timeoutMs, stopped.signal);
      } finally {
        located.close();
      }
    });
    lifecycle.addShutdownHook(() => stopped.abort());
    return { pluginIds };
  },
});
