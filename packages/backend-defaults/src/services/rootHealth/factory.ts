// The default factory of coreServices.rootHealth.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { RootHealth } from './RootHealth';
import { trackPhase } from './trackPhase';

/**
 * Liveness and readiness of the backend. Replace it to let readiness depend on more than the start and stop sequence.
 *
 * @public
 */
export const rootHealthServiceFactory = createServiceFactory({
  service: coreServices.rootHealth,
  deps: { lifecycle: coreServices.rootLifecycle },
  factory: ({ lifecycle }) => new RootHealth(trackPhase(lifecycle)),
});
