// The public surface of the engine.
export { createSpecializedBackend } from './createSpecializedBackend';
export type {
  Backend,
  BackendFeatureInput,
  CreateSpecializedBackendOptions,
} from './createSpecializedBackend';
export { createServiceResolver } from './createServiceResolver';
export type { CreateServiceResolverOptions, ServiceResolver } from './createServiceResolver';
export { createExtensionPointFactoryMiddleware } from './boot/createExtensionPointFactoryMiddleware';
export type { ExtensionPointFactoryMiddleware } from './boot/createExtensionPointFactoryMiddleware';
export { BackendStartupError } from './BackendStartupError';
export type { BackendProblem } from './boot/problemsOf';
export type {
  BackendInspection,
  InspectedEdge,
  InspectedModule,
  InspectedPlugin,
  InspectedService,
} from './boot/inspectPlan';
export {
  featureNotesServiceRef,
  pluginStatusServiceRef,
  startupReporterServiceRef,
} from './services/engineServices';
export type {
  FeatureNotesService,
  PluginState,
  PluginStatusService,
  StartupProgressEvent,
  StartupReporterService,
} from './services/engineServices';
export type {
  BackendStartupResult,
  CriticalPathEntry,
  ModuleStartupResult,
  PluginStartupResult,
  StartupFailure,
  StartupSpan,
  StartupSpanKind,
  StartupStatus,
} from './report/StartupResult';
export type { BackendShutdownResult, ShutdownHookResult, ShutdownPhase } from './report/ShutdownResult';
