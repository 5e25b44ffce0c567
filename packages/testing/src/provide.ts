// A service factory in short.
import { createServiceFactory, type ServiceFactory, type ServiceRef } from '@greenroom/backend-plugin-api';

/** A factory without dependencies. */
export function provide<T>(
  service: ServiceRef<T, 'root' | 'plugin', any>,
  factory: () => T | Promise<T>,
): ServiceFactory {
  return createServiceFactory({
    service: service as ServiceRef<unknown, 'plugin', 'singleton'>,
    deps: {},
    factory,
  });
}
