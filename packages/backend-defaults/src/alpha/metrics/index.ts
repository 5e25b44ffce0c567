// What the subpath ./alpha has of metrics.
export { metricsServiceFactory } from './factory';
export { otelMetrics } from './otelMetrics';
