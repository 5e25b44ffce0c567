// Creates environments that several backends share.
import { GreenroomError } from '../internal/errors';
import type { InternalSharedBackendEnvironment } from '../internal/sharedEnvironment';
import type { ServiceFactory } from '../services/ServiceFactory';
import type { SharedBackendEnvironment } from './SharedBackendEnvironment';

/** Options of {@link createSharedEnvironment}. */
export interface SharedBackendEnvironmentConfig {
  /** Service factories, or functions that return them; none by default. */
  services?: Array<ServiceFactory | (() => ServiceFactory)>;
}

/**
 * Bundles service factories that several backends share.
 *
 * A backend's own services, added or passed to `createBackend`, take precedence over those of its environment.
 *
 * @throws an error with code `GR_SHARED_SERVICE_INVALID` if an entry is not a service factory, and with code
 * `GR_SHARED_SERVICE_TWICE` if two entries provide the same singleton service.
 *
 * @example
 * ```ts
 * export const env = createSharedEnvironment({ services: [greeterServiceFactory] });
 * ```
 */
export function createSharedEnvironment(config: SharedBackendEnvironmentConfig): SharedBackendEnvironment {
  const services = (config.services ?? []).map(resolveFactory);
  const seen = new Set<string>();
  for (const { service } of services) {
    if (!service.multiton && seen.has(service.id)) {
      throw new GreenroomError({
        code: 'GR_SHARED_SERVICE_TWICE',
        message: `The shared environment has two factories for service '${service.id}'`,
        hint: 'Keep one of them.',
      });
    }
    seen.add(service.id);
  }
  const environment: InternalSharedBackendEnvironment = {
    $$type: '@backstage/SharedBackendEnvironment',
    version: 'v1',
    services,
  };
  return environment;
}

function resolveFactory(entry: ServiceFactory | (() => ServiceFactory), index: number): ServiceFactory {
  // A factory may itself be a function, so this checks the marker rather than the type.
  const factory = typeof entry === 'function' && !('$$type' in entry) ? entry() : entry;
  if (isServiceFactory(factory)) return factory;
  throw new GreenroomError({
    code: 'GR_SHARED_SERVICE_INVALID',
    message: `Entry ${index} of the shared environment's services is not a service factory`,
    hint: 'Pass what createServiceFactory returns, or a function that returns it.',
  });
}

function isServiceFactory(value: unknown): value is ServiceFactory {
  const candidate = value as Partial<ServiceFactory> | null | undefined;
  return (
    candidate?.$$type === '@backstage/BackendFeature' && candidate.service?.$$type === '@backstage/ServiceRef'
  );
}
