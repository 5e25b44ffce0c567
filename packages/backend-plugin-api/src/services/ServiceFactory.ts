// The feature that provides a service.
import type { BackendFeature } from '../features/BackendFeature';
import type { ServiceRef } from './ServiceRef';

/** Provides one service. Create one with {@link createServiceFactory}. */
export interface ServiceFactory<
  TService = unknown,
  TScope extends 'plugin' | 'root' = 'plugin' | 'root',
  TInstances extends 'singleton' | 'multiton' = 'singleton' | 'multiton',
> extends BackendFeature {
  /** The service that the factory provides. */
  service: ServiceRef<TService, TScope, TInstances>;
}
