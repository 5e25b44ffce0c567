// Makes the instruments of one plugin with OpenTelemetry's API.
import type { MetricsService } from '@greenroom/backend-plugin-api/alpha';
import { metrics } from '@opentelemetry/api';
import type { InstrumentationScope } from '../InstrumentationScope';

/**
 * A meter of the meter provider that is registered when this is called; without one, all instruments do nothing. It is what
 * OpenTelemetry gives, so that a measurement costs no call more.
 *
 * @alpha
 */
export function otelMetrics({ name, version, schemaUrl }: InstrumentationScope): MetricsService {
  return metrics.getMeter(name, version, { schemaUrl });
}
