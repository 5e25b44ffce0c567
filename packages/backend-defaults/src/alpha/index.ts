// The subpath ./alpha: services whose interfaces may still change.
export { ActionsClient, actionsServiceFactory, type ActionsClientOptions } from './actions';
export {
  actionsRegistryServiceFactory,
  ActionsRegistry,
  type ActionsRegistryOptions,
} from './actionsRegistry';
export { metricsServiceFactory, otelMetrics } from './metrics';
export { OtelTracing, tracingServiceFactory, type OtelTracingOptions } from './tracing';
export type { InstrumentationScope } from './InstrumentationScope';
