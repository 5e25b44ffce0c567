// The reference to the checks that all services and plugins of a backend add to.
import { coreServices, createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';
import { readHealthCheckAge } from './config';
import { HealthChecks } from './HealthChecks';

/**
 * The checks behind readiness. Root services add theirs here; plugins use `healthServiceRef`.
 *
 * @public
 */
export const healthChecksServiceRef = createServiceRef<HealthChecks>({
  id: 'greenroom.healthChecks',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: { config: coreServices.rootConfig, logger: coreServices.rootLogger },
      factory: ({ config, logger }) => new HealthChecks({ logger, maxAge: readHealthCheckAge(config) }),
    }),
});
