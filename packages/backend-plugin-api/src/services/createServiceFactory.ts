// Creates features that provide services.
import type { CallableFeature } from '../features/BackendFeature';
import { assertReferences } from '../internal/assertReferences';
import { callableFeature } from '../internal/callableFeature';
import { GreenroomError } from '../internal/errors';
import type { InternalServiceFactory } from '../internal/features';
import type { ServiceFactory } from './ServiceFactory';
import type { ServiceRef } from './ServiceRef';

/** The instances for a map of references, limited to the services of `TScope`. */
export type ServiceRefsToInstances<
  TDeps extends { [name in string]: ServiceRef<unknown> },
  TScope extends 'root' | 'plugin' = 'root' | 'plugin',
> = {
  [name in keyof TDeps as TDeps[name]['scope'] extends TScope ? name : never]: TDeps[name] extends ServiceRef<
    unknown,
    'root' | 'plugin',
    'multiton'
  >
    ? Array<TDeps[name]['T']>
    : TDeps[name]['T'];
};

/** Options of {@link createServiceFactory} for a root service. */
export interface RootServiceFactoryOptions<
  TService,
  TInstances extends 'singleton' | 'multiton',
  TImpl extends TService,
  TDeps extends { [name in string]: ServiceRef<unknown> },
> {
  /** `always`: created at startup. `lazy`: created when something needs it. Defaults to `always`. */
  initialization?: 'always' | 'lazy';
  /** The service to provide. */
  service: ServiceRef<TService, 'root', TInstances>;
  /** Other root services, by the name under which `factory` receives them. */
  deps: TDeps;
  /** Creates the single instance of the backend. A plain value is used immediately, a promise is awaited. */
  factory(deps: ServiceRefsToInstances<TDeps, 'root'>): TImpl | Promise<TImpl>;
}

/** Options of {@link createServiceFactory} for a plugin service. */
export interface PluginServiceFactoryOptions<
  TService,
  TInstances extends 'singleton' | 'multiton',
  TContext,
  TImpl extends TService,
  TDeps extends { [name in string]: ServiceRef<unknown> },
> {
  /** `always`: created for every plugin at startup. `lazy`: created for plugins that need it. Defaults to `lazy`. */
  initialization?: 'always' | 'lazy';
  /** The service to provide. */
  service: ServiceRef<TService, 'plugin', TInstances>;
  /** Services of either scope, by the name under which `factory` receives them. */
  deps: TDeps;
  /**
   * Runs once per backend, before the first `factory`, with the root services among `deps`. The instances of all
   * plugins share its result.
   */
  createRootContext?(deps: ServiceRefsToInstances<TDeps, 'root'>): TContext | Promise<TContext>;
  /** Creates the instance of one plugin. A plain value is used immediately, a promise is awaited. */
  factory(deps: ServiceRefsToInstances<TDeps>, context: TContext): TImpl | Promise<TImpl>;
}

/**
 * Creates a factory for a root service. It may only depend on root services.
 *
 * @throws an error with code `GR_INVALID_REFERENCE` if `service` or one of `deps` is not a reference, and with code
 * `GR_ROOT_FACTORY_CONTEXT` if there is a `createRootContext`.
 */
export function createServiceFactory<
  TService,
  TInstances extends 'singleton' | 'multiton',
  TImpl extends TService,
  TDeps extends { [name in string]: ServiceRef<unknown, 'root'> },
>(
  options: RootServiceFactoryOptions<TService, TInstances, TImpl, TDeps>,
): CallableFeature<ServiceFactory<TService, 'root', TInstances>>;
/**
 * Creates a factory for a plugin service, which has one instance per plugin.
 *
 * @throws an error with code `GR_INVALID_REFERENCE` if `service` or one of `deps` is not a reference.
 *
 * @example
 * ```ts
 * export const greeterServiceFactory = createServiceFactory({
 *   service: greeterServiceRef,
 *   deps: { logger: coreServices.logger },
 *   factory: ({ logger }) => ({ greet: name => logger.info(`Hello, ${name}`) }),
 * });
 * ```
 */
export function createServiceFactory<
  TService,
  TInstances extends 'singleton' | 'multiton',
  TImpl extends TService,
  TDeps extends { [name in string]: ServiceRef<unknown> },
  TContext = undefined,
>(
  options: PluginServiceFactoryOptions<TService, TInstances, TContext, TImpl, TDeps>,
): CallableFeature<ServiceFactory<TService, 'plugin', TInstances>>;
export function createServiceFactory(options: {
  initialization?: 'always' | 'lazy';
  service: ServiceRef<unknown>;
  deps?: { [name in string]: ServiceRef<unknown> };
  createRootContext?(deps: Record<string, unknown>): unknown;
  factory(deps: Record<string, unknown>, rootContext?: unknown): unknown;
}): CallableFeature<ServiceFactory> {
  const { initialization, service, deps = {}, createRootContext, factory } = options;
  assertReferences({ service }, 'A service factory', String, 'provides');
  const subject = () => `The factory of service '${service.id}'`;
  assertReferences(deps, service, subject);
  if (createRootContext && service.scope === 'root') {
    throw new GreenroomError({
      code: 'GR_ROOT_FACTORY_CONTEXT',
      message: `${subject()} has a createRootContext, but the service is of root scope`,
      hint: 'A root service has one instance: do that work in its factory.',
    });
  }
  const feature: InternalServiceFactory = {
    $$type: '@backstage/BackendFeature',
    version: 'v1',
    featureType: 'service',
    service,
    deps,
    factory,
    ...(initialization && { initialization }),
    ...(createRootContext && { createRootContext }),
  };
  return callableFeature(feature);
}
