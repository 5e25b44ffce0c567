// The default factory of coreServices.discovery.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { HostDiscovery } from './HostDiscovery';
import { httpServerAddressServiceRef } from './HttpServerAddress';

/**
 * Locates plugins by `discovery.endpoints`, and all others in this backend.
 *
 * @public
 */
export const discoveryServiceFactory = createServiceFactory({
  service: coreServices.discovery,
  deps: {
    address: httpServerAddressServiceRef,
    config: coreServices.rootConfig,
    logger: coreServices.rootLogger,
  },
  createRootContext: ({ address, config, logger }) =>
    HostDiscovery.fromConfig(config, { logger, serverUrl: () => address.url }),
  factory: (_deps, discovery) => discovery,
});
