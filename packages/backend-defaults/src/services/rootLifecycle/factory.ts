// The default factory of coreServices.rootLifecycle.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { RootLifecycle } from './RootLifecycle';

/**
 * Startup, before-shutdown and shutdown hooks of the backend.
 *
 * @public
 */
export const rootLifecycleServiceFactory = createServiceFactory({
  service: coreServices.rootLifecycle,
  deps: {},
  factory: () => new RootLifecycle(),
});
