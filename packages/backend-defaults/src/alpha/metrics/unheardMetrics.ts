// Instruments for a process without an OpenTelemetry SDK. They do nothing, and spare it loading OpenTelemetry's API.
import type { MetricsService } from '@greenroom/backend-plugin-api/alpha';

const instrument = { add() {}, record() {}, addCallback() {}, removeCallback() {} };
const create = () => instrument;

/** Instruments whose measurements are discarded. */
export const unheardMetrics: MetricsService = {
  createCounter: create,
  createUpDownCounter: create,
  createHistogram: create,
  createGauge: create,
  createObservableCounter: create,
  createObservableUpDownCounter: create,
  createObservableGauge: create,
};
