// The default factory of coreServices.scheduler.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { observeTasks } from '../telemetry/observeTasks';
import { telemetryServiceRef } from '../telemetry/telemetryServiceRef';
import { readLeaseDuration, readStopTimeout } from './config';
import { createSchedulerHandler } from './createSchedulerHandler';
import { DefaultSchedulerService } from './DefaultSchedulerService';

/**
 * The scheduler of a plugin. Tasks begin once the plugin has started, and end when it stops, before its database
 * closes.
 *
 * @public
 */
export const schedulerServiceFactory = createServiceFactory({
  service: coreServices.scheduler,
  deps: {
    config: coreServices.rootConfig,
    database: coreServices.database,
    httpRouter: coreServices.httpRouter,
    lifecycle: coreServices.lifecycle,
    logger: coreServices.logger,
    plugin: coreServices.pluginMetadata,
    rootLifecycle: coreServices.rootLifecycle,
    telemetry: telemetryServiceRef,
  },
  createRootContext({ config, rootLifecycle }) {
    const stopTimeout = readStopTimeout(config);
    let stopBegan: number | undefined;
    // Before the hook of the root HTTP router, which is made before all plugins, and may use up most of the time.
    rootLifecycle.addBeforeShutdownHook(() => void (stopBegan = performance.now()));
    return {
      leaseMs: readLeaseDuration(config),
      stopMs: () => stopTimeout(stopBegan === undefined ? 0 : performance.now() - stopBegan),
    };
  },
  async factory({ database, httpRouter, lifecycle, logger, plugin, telemetry }, { leaseMs, stopMs }) {
    const pluginId = plugin.getId();
    const observe = await observeTasks(telemetry, pluginId);
    const scheduler = new DefaultSchedulerService({ pluginId, database, logger, leaseMs, observe });
    httpRouter.use(createSchedulerHandler(scheduler, pluginId));
    lifecycle.addStartupHook(() => scheduler.start());
    lifecycle.addShutdownHook(() => scheduler.stop(stopMs()));
    return scheduler;
  },
});
