// The default factory of the alpha service for metrics.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { metricsServiceRef } from '@greenroom/backend-plugin-api/alpha';
import { isSdkRegistered } from '../../services/telemetry/Telemetry';
import { telemetryServiceRef } from '../../services/telemetry/telemetryServiceRef';
import { readMeterScope } from './config';
import { unheardMetrics } from './unheardMetrics';

/**
 * Instruments of OpenTelemetry's global meter provider. They do nothing where no SDK is registered, which has to happen
 * before the backend starts.
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
    // Instruments are not told of an SDK that is registered later, so it need not be waited for.
    if (!isSdkRegistered()) return unheardMetrics;
    const { otelMetrics } = await import('./otelMetrics');
    return otelMetrics(readMeterScope(config, plugin.getId()));
  },
});
