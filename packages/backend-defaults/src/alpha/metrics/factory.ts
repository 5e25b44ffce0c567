// The default factory of the alpha service for metrics.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { metricsServiceRef } from '@greenroom/backend-plugin-api/alpha';
import { isSdkRegistered } from '../../services/telemetry/Telemetry';
import { telemetryServiceRef } from '../../services/telemetry/telemetryServiceRef';
import { readInstrumentationScope } from '../InstrumentationScope';
import { unheardMetrics } from './unheardMetrics';

/**
 * Instruments of OpenTelemetry's global meter provider. They do nothing unless `backend.telemetry` sets up an SDK, or
 * one was registered before the backend started.
 *
 * @alpha
 */
export const metricsServiceFactory = createServiceFactory({
  service: metricsServiceRef,
  deps: {
    config: coreServices.rootConfig,
    plugin: coreServices.pluginMetadata,
    // Only for the order: instruments made before an SDK is registered never learn of it.
    telemetry: telemetryServiceRef,
  },
  async factory({ config, plugin }) {
    // A later SDK would not reach the instruments, so there is no need to wait for one.
    if (!isSdkRegistered()) return unheardMetrics;
    const { otelMetrics } = await import('./otelMetrics');
    return otelMetrics(readInstrumentationScope('metrics', config, plugin.getId()));
  },
});
