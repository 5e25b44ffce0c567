// The public API of the engine.
export type { Backend, BackendFeatureInput } from './Backend';
export { createSpecializedBackend, type CreateSpecializedBackendOptions } from './createSpecializedBackend';
export {
  createServiceResolver,
  type CreateServiceResolverOptions,
  type ServiceResolver,
} from './createServiceResolver';
export {
  createExtensionPointFactoryMiddleware,
  type ExtensionPointFactoryMiddleware,
} from './boot/createExtensionPointFactoryMiddleware';
export { BackendStartupError } from './BackendStartupError';
export type { BackendProblem } from './boot/problemsOf';
export type {
  BackendInspection,
  InspectedEdge,
  InspectedModule,
  InspectedPlugin,
  InspectedService,
} from './boot/inspectPlan';
export * from './services/engineServices';
export type * from './report/StartupResult';
export type * from './report/ShutdownResult';
