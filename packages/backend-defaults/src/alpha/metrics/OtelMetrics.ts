// Makes the instruments of one plugin with OpenTelemetry's API.
import type {
  MetricAttributes,
  MetricOptions,
  MetricsService,
  MetricsServiceCounter,
  MetricsServiceGauge,
  MetricsServiceHistogram,
  MetricsServiceObservableCounter,
  MetricsServiceObservableGauge,
  MetricsServiceObservableUpDownCounter,
  MetricsServiceUpDownCounter,
} from '@greenroom/backend-plugin-api/alpha';
import { metrics, type Meter } from '@opentelemetry/api';
import type { InstrumentationScope } from '../InstrumentationScope';

/**
 * A meter of the meter provider that is registered when this is made; without one, all instruments do nothing. What
 * OpenTelemetry gives is passed on as it is, so that a measurement costs no call more.
 *
 * @alpha
 */
export class OtelMetrics implements MetricsService {
  readonly #meter: Meter;

  constructor({ name, version, schemaUrl }: InstrumentationScope) {
    this.#meter = metrics.getMeter(name, version, { schemaUrl });
  }

  createCounter<T extends MetricAttributes = MetricAttributes>(
    name: string,
    options?: MetricOptions,
  ): MetricsServiceCounter<T> {
    return this.#meter.createCounter<T>(name, options);
  }

  createUpDownCounter<T extends MetricAttributes = MetricAttributes>(
    name: string,
    options?: MetricOptions,
  ): MetricsServiceUpDownCounter<T> {
    return this.#meter.createUpDownCounter<T>(name, options);
  }

  createHistogram<T extends MetricAttributes = MetricAttributes>(
    name: string,
    options?: MetricOptions,
  ): MetricsServiceHistogram<T> {
    return this.#meter.createHistogram<T>(name, options);
  }

  createGauge<T extends MetricAttributes = MetricAttributes>(
    name: string,
    options?: MetricOptions,
  ): MetricsServiceGauge<T> {
    return this.#meter.createGauge<T>(name, options);
  }

  createObservableCounter<T extends MetricAttributes = MetricAttributes>(
    name: string,
    options?: MetricOptions,
  ): MetricsServiceObservableCounter<T> {
    return this.#meter.createObservableCounter<T>(name, options);
  }

  createObservableUpDownCounter<T extends MetricAttributes = MetricAttributes>(
    name: string,
    options?: MetricOptions,
  ): MetricsServiceObservableUpDownCounter<T> {
    return this.#meter.createObservableUpDownCounter<T>(name, options);
  }

  createObservableGauge<T extends MetricAttributes = MetricAttributes>(
    name: string,
    options?: MetricOptions,
  ): MetricsServiceObservableGauge<T> {
    return this.#meter.createObservableGauge<T>(name, options);
  }
}
