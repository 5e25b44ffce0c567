// The default factory of coreServices.database.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { healthChecksServiceRef } from '../rootHealth/healthChecksServiceRef';
import { observeConnectionPools } from '../telemetry/observeConnectionPools';
import { telemetryServiceRef } from '../telemetry/telemetryServiceRef';
import { DatabaseConnections } from './DatabaseConnections';

/**
 * A database for every plugin, opened on first use. Closed after the shutdown hooks of all plugins.
 *
 * @public
 */
export const databaseServiceFactory = createServiceFactory({
  service: coreServices.database,
  deps: {
    config: coreServices.rootConfig,
    health: healthChecksServiceRef,
    telemetry: telemetryServiceRef,
    logger: coreServices.logger,
    plugin: coreServices.pluginMetadata,
    rootLifecycle: coreServices.rootLifecycle,
  },
  createRootContext({ config, health, rootLifecycle, telemetry }) {
    const connections = new DatabaseConnections(config);
    health.add({ name: 'database', check: () => connections.check() });
    if (telemetry.meter) {
      observeConnectionPools(telemetry.meter, () => connections.usage());
    }
    rootLifecycle.addShutdownHook(() => connections.close());
    return connections;
  },
  factory: ({ plugin, logger }, connections) => connections.forPlugin(plugin.getId(), { logger }),
});
