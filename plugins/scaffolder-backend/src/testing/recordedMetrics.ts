// Records the metrics of a plugin for tests.
import { createServiceFactory } from '@greenroom/backend-plugin-api';
import { type MetricsService, metricsServiceRef } from '@greenroom/backend-plugin-api/alpha';

/** A factory that replaces the default metrics service, and the values recorded with it. */
export function recordMetrics() {
  /** Each value with its attributes, by the name of the instrument. */
  const values: { [name: string]: Array<{ value: number; [attribute: string]: unknown }> } = {};

  const record =
    (name: string) =>
    (value: number, attributes: object = {}) =>
      void (values[name] ??= []).push({ value, ...attributes });
  const instrument = (name: string) => ({ add: record(name), record: record(name) });
  const observable = () => ({ addCallback() {}, removeCallback() {} });
  const service: MetricsService = {
    createCounter: instrument,
    createUpDownCounter: instrument,
    createHistogram: instrument,
    createGauge: instrument,
    createObservableCounter: observable,
    createObservableUpDownCounter: observable,
    createObservableGauge: observable,
  };
  return {
    values,
    factory: createServiceFactory({ service: metricsServiceRef, deps: {}, factory: () => service }),
  };
}
