// Creates the instruments of a plugin with OpenTelemetry's API.
import type { MetricsService } from '@greenroom/backend-plugin-api/alpha';
import { metrics } from '@opentelemetry/api';
import type { InstrumentationScope } from '../InstrumentationScope';

/**
 * Returns a meter of the registered meter provider. If there is none, its instruments do nothing. It is
 * OpenTelemetry's own meter, without a wrapper, so that measurements cost nothing extra.
 *
 * @alpha
 */
export function otelMetrics({ name, version, schemaUrl }: InstrumentationScope): MetricsService {
  return metrics.getMeter(name, version, { schemaUrl });
}
