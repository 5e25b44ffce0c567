// The ordered list of default service factories, and createBackend, which is based on it.
import { createSpecializedBackend, type Backend } from '@greenroom/backend-app-api';
import type { ServiceFactory, SharedBackendEnvironment } from '@greenroom/backend-plugin-api';
import { actionsServiceFactory } from './alpha/actions/factory';
import { actionsRegistryServiceFactory } from './alpha/actionsRegistry/factory';
import { metricsServiceFactory } from './alpha/metrics/factory';
import { tracingServiceFactory } from './alpha/tracing/factory';
import { auditorServiceFactory } from './services/auditor/factory';
import { authServiceFactory } from './services/auth/factory';
import { cacheServiceFactory } from './services/cache/factory';
import { databaseServiceFactory } from './services/database/factory';
import { discoveryServiceFactory } from './services/discovery/factory';
import { eventsServiceFactory } from './services/events/factory';
import { healthServiceFactory } from './services/health/factory';
import { httpAuthServiceFactory } from './services/httpAuth/factory';
import { httpRouterServiceFactory } from './services/httpRouter/factory';
import { lifecycleServiceFactory } from './services/lifecycle/factory';
import { loggerServiceFactory } from './services/logger/factory';
import { neededPluginsServiceFactory } from './services/neededPlugins/factory';
import { permissionsServiceFactory } from './services/permissions/factory';
import { permissionsRegistryServiceFactory } from './services/permissionsRegistry/factory';
import { rootConfigServiceFactory } from './services/rootConfig/factory';
import { rootConfigWatcherServiceFactory } from './services/rootConfig/watcherFactory';
import { rootHealthServiceFactory } from './services/rootHealth/factory';
import { rootHttpRouterServiceFactory } from './services/rootHttpRouter/factory';
import { rootLifecycleServiceFactory } from './services/rootLifecycle/factory';
import { rootLoggerServiceFactory } from './services/rootLogger/factory';
import { rootSystemMetadataServiceFactory } from './services/rootSystemMetadata/factory';
import { schedulerServiceFactory } from './services/scheduler/factory';
import { startupReporterServiceFactory } from './services/startupReporter/factory';
import { userInfoServiceFactory } from './services/userInfo/factory';
import { urlReaderServiceFactory } from './services/urlReader/factory';

/** The default factories, one per service. */
export const defaultServiceFactories: ServiceFactory[] = [
  rootConfigServiceFactory,
  rootLoggerServiceFactory,
  rootLifecycleServiceFactory,
  startupReporterServiceFactory,
  neededPluginsServiceFactory,
  rootConfigWatcherServiceFactory,
  rootHealthServiceFactory,
  healthServiceFactory,
  rootHttpRouterServiceFactory,
  loggerServiceFactory,
  lifecycleServiceFactory,
  authServiceFactory,
  httpAuthServiceFactory,
  userInfoServiceFactory,
  httpRouterServiceFactory,
  databaseServiceFactory,
  schedulerServiceFactory,
  cacheServiceFactory,
  discoveryServiceFactory,
  eventsServiceFactory,
  auditorServiceFactory,
  rootSystemMetadataServiceFactory,
  permissionsServiceFactory,
  permissionsRegistryServiceFactory,
  urlReaderServiceFactory,
  actionsServiceFactory,
  actionsRegistryServiceFactory,
  metricsServiceFactory,
  tracingServiceFactory,
];

/**
 * Options of {@link createBackend}.
 *
 * @public
 */
export interface CreateBackendOptions {
  /** Factories that replace defaults and those of `env`. Functions that return factories work as well. */
  services?: Array<ServiceFactory | (() => ServiceFactory)>;
  /** The result of `createSharedEnvironment`. */
  env?: SharedBackendEnvironment;
  /** The id in `coreServices.rootInstanceMetadata`, unique among all backends, past and present. Default: a random UUID. */
  instanceId?: string;
}

/**
 * Creates a backend with the default service factories. Nothing runs before its `start()`.
 *
 * @example
 * ```ts
 * const backend = createBackend();
 * backend.add(import('@greenroom/plugin-catalog-backend'));
 * await backend.start();
 * ```
 *
 * @public
 */
export function createBackend(options: CreateBackendOptions = {}): Backend {
  return createSpecializedBackend({ defaultServiceFactories, ...options });
}
