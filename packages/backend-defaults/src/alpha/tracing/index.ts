// What the subpath ./alpha has of tracing.
export { tracingServiceFactory } from './factory';
export { OtelTracing, type OtelTracingOptions } from './OtelTracing';
