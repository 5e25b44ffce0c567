// Builds a backend from service factories alone; createBackend of the defaults package builds on it.
import type { BackendFeature, ServiceFactory, SharedBackendEnvironment } from '@greenroom/backend-plugin-api';
import type { InternalSharedBackendEnvironment } from '@greenroom/backend-plugin-api/internal';
import { BackendInstance } from './Backend';
import type { BackendStartupError } from './BackendStartupError';
import type {
  ExtensionPointFactoryMiddleware,
  InternalExtensionPointFactoryMiddleware,
} from './boot/createExtensionPointFactoryMiddleware';
import type { BackendInspection } from './boot/inspectPlan';
import type { BackendProblem } from './boot/problemsOf';
import type { BackendShutdownResult } from './report/ShutdownResult';
import type { BackendStartupResult } from './report/StartupResult';
import { sourced } from './services/selectFactories';

/** A feature, or the promise of a module that exports one as `default`, as `import()` gives it. */
export type BackendFeatureInput = BackendFeature | Promise<{ default: BackendFeature }>;

/**
 * A backend: features are added, then it is started once, and stopped.
 *
 * @public
 */
export interface Backend {
  /** Adds a plugin, module, service factory or feature loader. Throws `GR_BACKEND_NOT_IDLE` once the backend has been started. */
  add(feature: BackendFeatureInput): void;
  /**
   * Starts the backend. Rejects with a {@link BackendStartupError} once everything that had started is stopped again;
   * where nobody handles that, the process ends with code 1. Given `onFailure`, it gets the error and the promise
   * resolves with the result of the failed start.
   */
  start(
    onSuccess?: (started: { result: BackendStartupResult }) => void,
    onFailure?: (error: BackendStartupError | Error) => void,
  ): Promise<{ result: BackendStartupResult }>;
  /**
   * Finds every problem that can be known without running plugin code: resolves imports, runs feature loaders, plans.
   * Empty where the backend is sound. Opens no port and no database, other than what feature loaders ask for.
   */
  check(): Promise<BackendProblem[]>;
  /** The plan as plain data, for tools to draw. */
  inspect(): Promise<BackendInspection>;
  /** Stops the backend; a start in flight is aborted first. May be called at any time, and more than once. Never rejects. */
  stop(): Promise<BackendShutdownResult>;
}

/**
 * Options of {@link createSpecializedBackend}.
 *
 * @public
 */
export interface CreateSpecializedBackendOptions {
  /** The factories that are used for services that nothing else provides. Of two for one service the later one counts. */
  defaultServiceFactories: ServiceFactory[];
  /** Applied to what modules receive for an extension point, in this order. */
  extensionPointFactoryMiddleware?: ExtensionPointFactoryMiddleware[];
  /** Factories that take precedence over a shared environment, loaders and defaults, but not over those that are added. */
  services?: Array<ServiceFactory | (() => ServiceFactory)>;
  /** Factories shared by several backends; see `createSharedEnvironment`. */
  env?: SharedBackendEnvironment;
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
 *
 * @public
 */
export function createSpecializedBackend(options: CreateSpecializedBackendOptions): Backend {
  const { defaultServiceFactories, services = [], extensionPointFactoryMiddleware = [] } = options;
  const env = options.env as InternalSharedBackendEnvironment | undefined;
  const instance = new BackendInstance({
    given: () => [
      ...sourced(defaultServiceFactories, 'default', 'the default services'),
      ...sourced(env?.services ?? [], 'environment', 'the shared environment'),
      ...sourced(services, 'services', 'the services option'),
    ],
    middleware: extensionPointFactoryMiddleware as InternalExtensionPointFactoryMiddleware[],
  });

  const backend: Backend = {
    add: feature => instance.add(feature, backend.add),
    start: (onSuccess, onFailure) =>
      instance.start(backend.start).then(
        started => {
          onSuccess?.(started);
          return started;
        },
        (error: BackendStartupError) => {
          if (!onFailure) throw error;
          onFailure(error);
          return { result: error.result };
        },
      ),
    check: () => instance.check(),
    inspect: () => instance.inspect(),
    stop: () => instance.stop(),
  };
  return backend;
}
