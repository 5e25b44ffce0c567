// The service factory that keeps the root configuration up to date while the backend runs.
import { coreServices, createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';

/** Watches the configuration; nothing needs it, so it is a service only to be started and stopped with the backend. */
const rootConfigWatcherServiceRef = createServiceRef<{ close(): void }>({
  id: 'greenroom.rootConfigWatcher',
  scope: 'root',
});

/**
 * Loads changed configuration files while the backend runs, reports those that are broken, and stops with the backend.
 *
 * Apart from `rootConfigServiceFactory`, because it needs the logger, which needs the configuration. Does nothing for
 * a configuration made by another factory.
 *
 * @public
 */
export const rootConfigWatcherServiceFactory = createServiceFactory({
  service: rootConfigWatcherServiceRef,
  deps: {
    config: coreServices.rootConfig,
    logger: coreServices.rootLogger,
    lifecycle: coreServices.rootLifecycle,
  },
  async factory({ config, logger, lifecycle }) {
    const { ReloadableConfig } = await import('./ReloadableConfig');
    if (!(config instanceof ReloadableConfig) || !config.origin) return { close() {} };

    const { ConfigWatcher } = await import('./ConfigWatcher');
    const watcher = new ConfigWatcher(config, {
      onReload: () => logger.info('The configuration was loaded anew'),
      onError: error =>
        logger.error(`The configuration stays as it was, because loading it anew failed. ${error.message}`),
    });
    lifecycle.addShutdownHook(() => watcher.close());
    return watcher;
  },
});
