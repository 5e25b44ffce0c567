// The instruments of a process without an OpenTelemetry SDK: they do nothing, as those of its API do, which need not be loaded for that.
import type { MetricsService } from '@greenroom/backend-plugin-api/alpha';

const instrument = { add() {}, record() {}, addCallback() {}, removeCallback() {} };
const create = () => instrument;

/** Instruments that nobody ever reads. */
export const unheardMetrics: MetricsService = {
  createCounter: create,
  createUpDownCounter: create,
  createHistogram: create,
  createGauge: create,
  createObservableCounter: create,
  createObservableUpDownCounter: create,
  createObservableGauge: create,
};
