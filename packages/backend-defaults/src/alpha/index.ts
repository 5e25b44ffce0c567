// The subpath ./alpha: services whose interfaces may still change.
export { ActionsClient, type ActionsClientOptions } from './actions/ActionsClient';
export { actionsServiceFactory } from './actions/factory';
export { ActionsRegistry, type ActionsRegistryOptions } from './actionsRegistry/ActionsRegistry';
export { actionsRegistryServiceFactory } from './actionsRegistry/factory';
export type { InstrumentationScope } from './InstrumentationScope';
export { metricsServiceFactory } from './metrics/factory';
export { otelMetrics } from './metrics/otelMetrics';
export { tracingServiceFactory } from './tracing/factory';
export { OtelTracing, type OtelTracingOptions } from './tracing/OtelTracing';
