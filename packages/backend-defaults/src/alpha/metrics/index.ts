// The part of the subpath ./alpha for metrics.
export { metricsServiceFactory } from './factory';
export { otelMetrics } from './otelMetrics';
