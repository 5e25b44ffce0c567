// Creates a backend from service factories; `createBackend` of the defaults package builds on it.
import type { ServiceFactory, SharedBackendEnvironment } from '@greenroom/backend-plugin-api';
import type { InternalSharedBackendEnvironment } from '@greenroom/backend-plugin-api/internal';
import { BackendInstance, type Backend } from './Backend';
import type {
  ExtensionPointFactoryMiddleware,
  InternalExtensionPointFactoryMiddleware,
} from './boot/createExtensionPointFactoryMiddleware';
import { sourced } from './services/selectFactories';

/** Options of {@link createSpecializedBackend}. */
export interface CreateSpecializedBackendOptions {
  /** Factories of services that nothing else provides. If there are two for one service, the later one is used. */
  defaultServiceFactories: ServiceFactory[];
  /** Applied, in this order, to the implementations of extension points that modules receive. */
  extensionPointFactoryMiddleware?: ExtensionPointFactoryMiddleware[];
  /** Factories that take precedence over a shared environment, loaders and defaults, but not over added factories. */
  services?: Array<ServiceFactory | (() => ServiceFactory)>;
  /** Factories shared by several backends, see `createSharedEnvironment`. */
  env?: SharedBackendEnvironment;
  /**
   * The ID that `getId()` of `coreServices.rootInstanceMetadata` returns. Never share or reuse it. Defaults to a
   * random UUID.
   */
  instanceId?: string;
}

/**
 * Creates a backend without features, and with only the given services. It does nothing before `start()`.
 *
 * @example
 * ```ts
 * const backend = createSpecializedBackend({
 *   defaultServiceFactories: [rootConfigServiceFactory, rootLoggerServiceFactory],
 * });
 * backend.add(import('./plugins/catalog'));
 * await backend.start();
 * ```
 */
export function createSpecializedBackend(options: CreateSpecializedBackendOptions): Backend {
  const { defaultServiceFactories, services = [], extensionPointFactoryMiddleware = [] } = options;
  const env = options.env as InternalSharedBackendEnvironment | undefined;
  const given = () => [
    ...sourced(defaultServiceFactories, 'default', 'the default services'),
    ...sourced(env?.services ?? [], 'environment', 'the shared environment'),
    ...sourced(services, 'services', 'the services option'),
  ];
  const middleware = extensionPointFactoryMiddleware as InternalExtensionPointFactoryMiddleware[];
  return new BackendInstance(given, middleware, options.instanceId);
}
