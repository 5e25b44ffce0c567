// The default factory of coreServices.rootHealth.
import { pluginStatusServiceRef } from '@greenroom/backend-app-api';
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { readRequiredContributors } from './config';
import { healthChecksServiceRef } from './healthChecksServiceRef';
import { pluginContributors } from './pluginContributors';
import { RootHealth } from './RootHealth';
import { trackPhase } from './trackPhase';

/**
 * Liveness and readiness of the backend, including what its services and plugins contribute.
 *
 * @public
 */
export const rootHealthServiceFactory = createServiceFactory({
  service: coreServices.rootHealth,
  deps: {
    checks: healthChecksServiceRef,
    config: coreServices.rootConfig,
    installed: coreServices.rootInstanceMetadata,
    lifecycle: coreServices.rootLifecycle,
    statuses: pluginStatusServiceRef,
  },
  factory: ({ checks, config, installed, lifecycle, statuses }) =>
    new RootHealth(trackPhase(lifecycle), {
      contributors: async () => [
        ...(await checks.results()),
        ...(await pluginContributors(installed, statuses)),
      ],
      required: readRequiredContributors(config),
    }),
});
