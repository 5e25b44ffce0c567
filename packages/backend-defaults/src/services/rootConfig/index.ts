// Configuration from files, arguments and the environment.
export { ConfigLoadError, type ConfigProblem } from './ConfigLoadError';
export { ConfigWatcher, type ConfigWatcherOptions } from './ConfigWatcher';
export { type RootConfigFactoryOptions, rootConfigServiceFactory } from './factory';
export { loadConfig, type LoadConfigOptions, type LoadedConfig } from './loadConfig';
export { LiveConfig } from './LiveConfig';
export { ReloadableConfig } from './ReloadableConfig';
export {
  defaultSchemaRoots,
  type GatheredSchemas,
  gatherSchemas,
  type GatherSchemasOptions,
} from './schemas/gatherSchemas';
export type { PackageConfigSchema, SkippedSchema } from './schemas/PackageConfigSchema';
export { rootConfigWatcherServiceFactory } from './watcherFactory';
