// References to the core services.
import { createServiceRef } from './createServiceRef';
import type { AuditorService } from './definitions/AuditorService';
import type { AuthService } from './definitions/AuthService';
import type { CacheService } from './definitions/CacheService';
import type { DatabaseService } from './definitions/DatabaseService';
import type { DiscoveryService } from './definitions/DiscoveryService';
import type { HttpAuthService } from './definitions/HttpAuthService';
import type { HttpRouterService } from './definitions/HttpRouterService';
import type { LifecycleService } from './definitions/LifecycleService';
import type { LoggerService } from './definitions/LoggerService';
import type { PermissionsRegistryService } from './definitions/PermissionsRegistryService';
import type { PermissionsService } from './definitions/PermissionsService';
import type { PluginMetadataService } from './definitions/PluginMetadataService';
import type { RootConfigService } from './definitions/RootConfigService';
import type { RootHealthService } from './definitions/RootHealthService';
import type { RootHttpRouterService } from './definitions/RootHttpRouterService';
import type { RootInstanceMetadataService } from './definitions/RootInstanceMetadataService';
import type { RootLifecycleService } from './definitions/RootLifecycleService';
import type { RootLoggerService } from './definitions/RootLoggerService';
import type { RootSystemMetadataService } from './definitions/RootSystemMetadataService';
import type { SchedulerService } from './definitions/SchedulerService';
import type { UrlReaderService } from './definitions/UrlReaderService';
import type { UserInfoService } from './definitions/UserInfoService';

/**
 * The services that every backend has. Services whose name starts with `root` have one instance per backend, the others
 * one per plugin.
 */
export const coreServices = Object.freeze({
  /** Tokens and credentials, see {@link AuthService}. */
  auth: createServiceRef<AuthService>({ id: 'core.auth' }),
  /** The audit log, see {@link AuditorService}. */
  auditor: createServiceRef<AuditorService>({ id: 'core.auditor' }),
  /** A cache for a plugin, see {@link CacheService}. */
  cache: createServiceRef<CacheService>({ id: 'core.cache' }),
  /** A database for a plugin, see {@link DatabaseService}. */
  database: createServiceRef<DatabaseService>({ id: 'core.database' }),
  /** The URLs of plugins, see {@link DiscoveryService}. */
  discovery: createServiceRef<DiscoveryService>({ id: 'core.discovery' }),
  /** Credentials in HTTP requests, see {@link HttpAuthService}. */
  httpAuth: createServiceRef<HttpAuthService>({ id: 'core.httpAuth' }),
  /** The HTTP routes of a plugin, see {@link HttpRouterService}. */
  httpRouter: createServiceRef<HttpRouterService>({ id: 'core.httpRouter' }),
  /** Startup and shutdown hooks of a plugin, see {@link LifecycleService}. */
  lifecycle: createServiceRef<LifecycleService>({ id: 'core.lifecycle' }),
  /** The logger of a plugin, see {@link LoggerService}. */
  logger: createServiceRef<LoggerService>({ id: 'core.logger' }),
  /** Permission checks, see {@link PermissionsService}. */
  permissions: createServiceRef<PermissionsService>({ id: 'core.permissions' }),
  /** Permissions, rules and resource types of a plugin, see {@link PermissionsRegistryService}. */
  permissionsRegistry: createServiceRef<PermissionsRegistryService>({ id: 'core.permissionsRegistry' }),
  /** The plugin that a service belongs to, see {@link PluginMetadataService}. */
  pluginMetadata: createServiceRef<PluginMetadataService>({ id: 'core.pluginMetadata' }),
  /** The configuration, see {@link RootConfigService}. */
  rootConfig: createServiceRef<RootConfigService>({ id: 'core.rootConfig', scope: 'root' }),
  /** Health checks, see {@link RootHealthService}. */
  rootHealth: createServiceRef<RootHealthService>({ id: 'core.rootHealth', scope: 'root' }),
  /** The routes of the HTTP server itself, see {@link RootHttpRouterService}. */
  rootHttpRouter: createServiceRef<RootHttpRouterService>({ id: 'core.rootHttpRouter', scope: 'root' }),
  /** What is installed in this backend, see {@link RootInstanceMetadataService}. */
  rootInstanceMetadata: createServiceRef<RootInstanceMetadataService>({
    id: 'core.rootInstanceMetadata',
    scope: 'root',
  }),
  /** Startup and shutdown hooks of the backend, see {@link RootLifecycleService}. */
  rootLifecycle: createServiceRef<RootLifecycleService>({ id: 'core.rootLifecycle', scope: 'root' }),
  /** The logger of the backend, see {@link RootLoggerService}. */
  rootLogger: createServiceRef<RootLoggerService>({ id: 'core.rootLogger', scope: 'root' }),
  /** What is installed in all backends of the system, see {@link RootSystemMetadataService}. */
  rootSystemMetadata: createServiceRef<RootSystemMetadataService>({
    id: 'core.rootSystemMetadata',
    scope: 'root',
  }),
  /** Recurring tasks, see {@link SchedulerService}. */
  scheduler: createServiceRef<SchedulerService>({ id: 'core.scheduler' }),
  /** Reading from URLs, see {@link UrlReaderService}. */
  urlReader: createServiceRef<UrlReaderService>({ id: 'core.urlReader' }),
  /** Information about users, see {@link UserInfoService}. */
  userInfo: createServiceRef<UserInfoService>({ id: 'core.userInfo' }),
});

/** The type of {@link coreServices}. */
export type CoreServices = typeof coreServices;
