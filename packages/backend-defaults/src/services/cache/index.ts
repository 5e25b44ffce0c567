// The subpath ./cache.
export { CacheStoreMissingError, CacheTtlError } from './cacheErrors';
export type { CacheStore } from './CacheStore';
export { cacheServiceFactory } from './factory';
export { MemoryStore } from './MemoryStore';
export { PluginCache } from './PluginCache';
export { PluginCaches } from './PluginCaches';
