// The default factory of eventsServiceRef.
import { coreServices, createServiceFactory, eventsServiceRef } from '@greenroom/backend-plugin-api';
import { healthChecksServiceRef } from '../rootHealth/healthChecksServiceRef';
import { telemetryServiceRef } from '../telemetry/telemetryServiceRef';
import { readEventsOptions } from './config';
import { EventBus } from './EventBus';

/**
 * Events between the plugins of this process, or between all instances through PostgreSQL.
 *
 * @public
 */
export const eventsServiceFactory = createServiceFactory({
  service: eventsServiceRef,
  deps: {
    config: coreServices.rootConfig,
    health: healthChecksServiceRef,
    lifecycle: coreServices.lifecycle,
    logger: coreServices.logger,
    plugin: coreServices.pluginMetadata,
    rootLifecycle: coreServices.rootLifecycle,
    rootLogger: coreServices.rootLogger,
    telemetry: telemetryServiceRef,
  },
  async createRootContext({ config, health, rootLifecycle, rootLogger, telemetry }) {
    const options = readEventsOptions(config);
    let bus: EventBus;
    if (options.store === 'memory') {
      bus = new EventBus();
    } else {
      const { createPostgresEventBus } = await import('./createPostgresEventBus');
      bus = createPostgresEventBus({ config, logger: rootLogger, retention: options.retention, telemetry });
      health.add({ name: 'events', check: () => bus.check() });
    }
    // Before shutdown, handlers can still use everything they need, and other instances can take over.
    rootLifecycle.addBeforeShutdownHook(() => bus.pause());
    rootLifecycle.addShutdownHook(() => bus.close());
    return bus;
  },
  factory({ lifecycle, logger, plugin }, bus) {
    const events = bus.forPlugin(plugin.getId(), { logger });
    // Also ends the subscriptions of a failed start that is retried.
    lifecycle.addShutdownHook(() => events.close());
    return events;
  },
});
