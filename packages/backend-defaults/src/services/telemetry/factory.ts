// The default factory of telemetryServiceRef.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { readTelemetrySettings } from './config';
import { telemetryOfProcess } from './Telemetry';
import { telemetryServiceRef } from './telemetryServiceRef';

/**
 * Sets up OpenTelemetry's SDK where `backend.telemetry` switches it on; uses the one of the process, if there is one, where not.
 *
 * @public
 */
export const telemetryServiceFactory = createServiceFactory({
  service: telemetryServiceRef,
  deps: {
    config: coreServices.rootConfig,
    logger: coreServices.rootLogger,
    lifecycle: coreServices.rootLifecycle,
  },
  async factory({ config, logger, lifecycle }) {
    const settings = readTelemetrySettings(config);
    if (!settings) {
      return telemetryOfProcess();
    }
    const { startTelemetry } = await import('./startTelemetry');
    const telemetry = await startTelemetry(settings, logger);
    // Added before those of what uses it, so that it is the last to run.
    lifecycle.addShutdownHook(() => telemetry.stop());
    return telemetry;
  },
});
