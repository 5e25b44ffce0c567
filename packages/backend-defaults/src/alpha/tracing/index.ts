// The part of the subpath ./alpha for tracing.
export { tracingServiceFactory } from './factory';
export { OtelTracing, type OtelTracingOptions } from './OtelTracing';
