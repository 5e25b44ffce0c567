// Records the metrics of a plugin for tests.
import { createServiceFactory } from '@greenroom/backend-plugin-api';
import {
  type MetricsService,
  metricsServiceRef,
  type MetricsServiceObservableCallback,
} from '@greenroom/backend-plugin-api/alpha';

/** A metrics service that replaces the default one, and the values recorded with it. */
export function recordMetrics() {
  /** Each value with its attributes, by the name of the instrument. */
  const values: { [name: string]: Array<{ value: number; [attribute: string]: unknown }> } = {};
  const observed = new Map<string, MetricsServiceObservableCallback>();

  const record =
    (name: string) =>
    (value: number, attributes: object = {}) =>
      void (values[name] ??= []).push({ value, ...attributes });
  const instrument = (name: string) => ({ add: record(name), record: record(name) });
  const observable = (name: string) => ({
    addCallback: (callback: MetricsServiceObservableCallback) => void observed.set(name, callback),
    removeCallback: () => void observed.delete(name),
  });
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
    service,
    factory: createServiceFactory({ service: metricsServiceRef, deps: {}, factory: () => service }),
    /** Calls the observers of all instruments, as a metrics collector would. */
    async collect(): Promise<{ [name: string]: number }> {
      const collected: { [name: string]: number } = {};
      for (const [name, callback] of observed) {
        await callback({ observe: value => void (collected[name] = value) });
      }
      return collected;
    },
  };
}
