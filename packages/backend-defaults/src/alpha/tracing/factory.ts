// The default factory of the alpha service for tracing.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { tracingServiceRef } from '@greenroom/backend-plugin-api/alpha';
import { isSdkRegistered } from '../../services/telemetry/Telemetry';
import { telemetryServiceRef } from '../../services/telemetry/telemetryServiceRef';
import { readInstrumentationScope } from '../InstrumentationScope';
import { readCaptureEndUser } from './config';
import { unheardTracing } from './unheardTracing';

/**
 * Spans of OpenTelemetry's global tracer provider. Work runs without spans unless `backend.telemetry` sets up an SDK,
 * or one was registered before the backend started.
 *
 * @alpha
 */
export const tracingServiceFactory = createServiceFactory({
  service: tracingServiceRef,
  deps: {
    config: coreServices.rootConfig,
    httpAuth: coreServices.httpAuth,
    plugin: coreServices.pluginMetadata,
    telemetry: telemetryServiceRef,
  },
  async factory({ config, httpAuth, plugin, telemetry }) {
    if (!isSdkRegistered()) return unheardTracing;
    const { OtelTracing } = await import('./OtelTracing');
    return new OtelTracing({
      scope: readInstrumentationScope('tracing', config, plugin.getId()),
      captureEndUser: readCaptureEndUser(config),
      httpAuth,
      redact: telemetry.redact,
    });
  },
});
