// Services whose interfaces may still change.
export type { ConnectionRegistration } from './ConnectionRegistration';
export type * from './ActionsRegistryService';
export type * from './ActionsService';
export type * from './MetricsService';
export type * from './TracingService';
export {
  actionsRegistryServiceRef,
  actionsServiceRef,
  metricsServiceRef,
  tracingServiceRef,
} from './alphaServiceRefs';
