// The discovery of a test backend: `discovery.endpoints` as usual, and the server's real address for everything else.
import { HostDiscovery, httpServerAddressServiceRef } from '@greenroom/backend-defaults/discovery';
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { onFreePort } from './onFreePort';

export const testDiscoveryFactory = createServiceFactory({
  service: coreServices.discovery,
  deps: {
    address: httpServerAddressServiceRef,
    config: coreServices.rootConfig,
    logger: coreServices.logger,
  },
  factory: ({ address, config, logger }) =>
    HostDiscovery.fromConfig(onFreePort(config), { logger, serverUrl: () => address.url }),
});
