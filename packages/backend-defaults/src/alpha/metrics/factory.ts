// The default factory of the alpha service for metrics.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { metricsServiceRef } from '@greenroom/backend-plugin-api/alpha';
import { telemetryServiceRef } from '../../services/telemetry/telemetryServiceRef';
import { readMeterScope } from './config';

/**
 * Instruments of OpenTelemetry's global meter provider. They cost next to nothing until an SDK is registered, which has
 * to happen before the backend starts.
 *
 * @alpha
 */
export const metricsServiceFactory = createServiceFactory({
  service: metricsServiceRef,
  deps: {
    config: coreServices.rootConfig,
    plugin: coreServices.pluginMetadata,
    // Only to be after it: instruments that are made before an SDK is registered are never told of it.
    telemetry: telemetryServiceRef,
  },
  async factory({ config, plugin }) {
    const { OtelMetrics } = await import('./OtelMetrics');
    return new OtelMetrics(readMeterScope(config, plugin.getId()));
  },
});
