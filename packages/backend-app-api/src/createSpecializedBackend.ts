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
  /** The factories that are used for services that nothing else provides. Of two for one service the later one counts. */
  defaultServiceFactories: ServiceFactory[];
  /** Applied to what modules receive for an extension point, in this order. */
  extensionPointFactoryMiddleware?: ExtensionPointFactoryMiddleware[];
  /** Factories that take precedence over a shared environment, loaders and defaults, but not over those that are added. */
  services?: Array<ServiceFactory | (() => ServiceFactory)>;
  /** Factories shared by several backends; see `createSharedEnvironment`. */
  env?: SharedBackendEnvironment;
  /** What `getId()` of `coreServices.rootInstanceMetadata` gives. No other backend may have it, or have had it. Default: a random UUID. */
  instanceId?: string;
}

/**
 * Creates a backend that has no features and only the services it is given. Does no work before `start()`.
 *
 * @example
 * ```ts
 * const backend = createSpecializedBackend({ defaultServiceFactories: [rootLoggerServiceFactory] });
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
