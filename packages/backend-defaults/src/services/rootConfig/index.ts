// The subpath ./rootConfig.
export { ConfigLoadError } from './ConfigLoadError';
export type { ConfigProblem } from './ConfigPlace';
export { ConfigWatcher, type ConfigWatcherOptions } from './ConfigWatcher';
export { type RootConfigFactoryOptions, rootConfigServiceFactory } from './factory';
export { loadConfig, type LoadedConfig } from './loadConfig';
export type { LoadConfigOptions } from './readConfigSources';
export { LiveConfig } from './LiveConfig';
export { ReloadableConfig } from './ReloadableConfig';
export { defaultSchemaRoots, gatherSchemas, type GatherSchemasOptions } from './schemas/gatherSchemas';
export type { GatheredSchemas, PackageConfigSchema, SkippedSchema } from './schemas/PackageConfigSchema';
export { rootConfigWatcherServiceFactory } from './watcherFactory';
