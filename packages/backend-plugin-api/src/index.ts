// The public API for writing plugins, modules and service factories.
export type { BackendFeature, BackendFeatureImport, CallableFeature } from './features/BackendFeature';
export type { ExtensionPoint } from './features/ExtensionPoint';
export type {
  BackendModuleRegistrationPoints,
  BackendPluginRegistrationPoints,
  ExtensionPointFactoryContext,
} from './features/registrationPoints';
export {
  createBackendFeatureLoader,
  type CreateBackendFeatureLoaderOptions,
} from './features/createBackendFeatureLoader';
export { createBackendModule, type CreateBackendModuleOptions } from './features/createBackendModule';
export { createBackendPlugin, type CreateBackendPluginOptions } from './features/createBackendPlugin';
export { createExtensionPoint, type CreateExtensionPointOptions } from './features/createExtensionPoint';
export type { SharedBackendEnvironment } from './features/SharedBackendEnvironment';
export {
  createSharedEnvironment,
  type SharedBackendEnvironmentConfig,
} from './features/createSharedEnvironment';
export { fetchDurably, type FetchDurablyInit } from './http/fetchDurably';
export { isChildPath } from './paths/isChildPath';
export { resolvePackagePath } from './paths/resolvePackagePath';
export { resolveSafeChildPath } from './paths/resolveSafeChildPath';
export { coreServices, type CoreServices } from './services/coreServices';
export {
  createServiceFactory,
  type PluginServiceFactoryOptions,
  type RootServiceFactoryOptions,
} from './services/createServiceFactory';
export { createServiceRef, type ServiceRefOptions } from './services/createServiceRef';
export { eventsServiceRef } from './services/eventsServiceRef';
export { healthServiceRef } from './services/healthServiceRef';
export { isDatabaseConflictError } from './services/isDatabaseConflictError';
export { readSchedulerServiceTaskScheduleDefinitionFromConfig } from './services/readSchedulerServiceTaskScheduleDefinitionFromConfig';
export type { ServiceFactory } from './services/ServiceFactory';
export type { ServiceRef } from './services/ServiceRef';
export type * from './services/definitions/AuditorService';
export type * from './services/definitions/AuthService';
export type * from './services/definitions/CacheService';
export type * from './services/definitions/DatabaseService';
export type * from './services/definitions/DiscoveryService';
export type * from './services/definitions/EventsService';
export type * from './services/definitions/HealthService';
export type * from './services/definitions/HttpAuthService';
export type * from './services/definitions/HttpRouterService';
export type * from './services/definitions/LifecycleService';
export type * from './services/definitions/LoggerService';
export type * from './services/definitions/PermissionsRegistryService';
export type * from './services/definitions/PermissionsService';
export type * from './services/definitions/PluginMetadataService';
export type * from './services/definitions/RootConfigService';
export type * from './services/definitions/RootHealthService';
export type * from './services/definitions/RootHttpRouterService';
export type * from './services/definitions/RootInstanceMetadataService';
export type * from './services/definitions/RootLifecycleService';
export type * from './services/definitions/RootLoggerService';
export type * from './services/definitions/RootSystemMetadataService';
export type * from './services/definitions/SchedulerService';
export type * from './services/definitions/UrlReaderService';
export type * from './services/definitions/UserInfoService';
export type * from './services/definitions/permissionRules';
