// What the subpath ./alpha has of metrics.
export { metricsServiceFactory } from './factory';
export { OtelMetrics } from './OtelMetrics';
