// Creates references to services.
import { assertReferenceId } from '../internal/ids';
import type { InternalServiceRef } from '../internal/features';
import type { ServiceFactory } from './ServiceFactory';
import type { ServiceRef } from './ServiceRef';

/** Options of {@link createServiceRef}. */
export interface ServiceRefOptions<
  TService,
  TScope extends 'root' | 'plugin',
  TInstances extends 'singleton' | 'multiton',
> {
  /** Unique in the whole backend. By convention `<owner>.<name>`. */
  id: string;
  /** `plugin`: one instance per plugin. `root`: one for the whole backend. Defaults to `plugin`. */
  scope?: TScope;
  /** Whether any number of factories may provide the service. Defaults to `false`. */
  multiton?: TInstances extends 'multiton' ? true : false;
  /**
   * Returns the factory to use if the backend has none for this service. Called at most once per backend, and only if
   * something depends on the service, so it can import its implementation lazily.
   */
  defaultFactory?(service: ServiceRef<TService, TScope>): Promise<ServiceFactory>;
}

/**
 * Creates a reference to a service, which is a plugin service unless `scope` is `root`.
 *
 * @throws an error with code `GR_INVALID_ID` if `id` is not a non-empty string.
 *
 * @example
 * ```ts
 * export const greeterServiceRef = createServiceRef<GreeterService>({ id: 'example.greeter' });
 * ```
 */
export function createServiceRef<TService>(
  options: ServiceRefOptions<TService, 'plugin', 'singleton'>,
): ServiceRef<TService, 'plugin', 'singleton'>;
/** Creates a reference to a root service. */
export function createServiceRef<TService>(
  options: ServiceRefOptions<TService, 'root', 'singleton'>,
): ServiceRef<TService, 'root', 'singleton'>;
/** Creates a reference to a plugin service that any number of factories may provide. */
export function createServiceRef<TService>(
  options: ServiceRefOptions<TService, 'plugin', 'multiton'>,
): ServiceRef<TService, 'plugin', 'multiton'>;
/** Creates a reference to a root service that any number of factories may provide. */
export function createServiceRef<TService>(
  options: ServiceRefOptions<TService, 'root', 'multiton'>,
): ServiceRef<TService, 'root', 'multiton'>;
export function createServiceRef<TService>(
  options: ServiceRefOptions<TService, 'root' | 'plugin', 'singleton' | 'multiton'>,
): ServiceRef<TService> {
  const { id, scope = 'plugin', multiton = false, defaultFactory } = options;
  assertReferenceId(id, 'A service reference');
  return new Reference(id, scope, multiton, defaultFactory);
}

/** A class, so that thousands of references share their methods. */
class Reference<TService> implements InternalServiceRef<TService> {
  readonly $$type = '@backstage/ServiceRef';
  declare readonly __defaultFactory?: InternalServiceRef<TService>['__defaultFactory'];

  constructor(
    readonly id: string,
    readonly scope: 'root' | 'plugin',
    readonly multiton: boolean,
    defaultFactory: InternalServiceRef<TService>['__defaultFactory'],
  ) {
    if (defaultFactory) this.__defaultFactory = defaultFactory;
  }

  get T(): TService {
    return null as TService;
  }

  toString(): string {
    return `serviceRef{${this.id}}`;
  }
}
