// mockServices.discovery: without a backend it knows no server; the factory is the default one.
import { discoveryServiceFactory } from '@greenroom/backend-defaults/discovery';
import { coreServices, type DiscoveryService } from '@greenroom/backend-plugin-api';
import { mockOf } from './simpleMock';

/** See {@link mockServices}. */
export const discovery = Object.assign(
  (): DiscoveryService => ({
    getBaseUrl: async pluginId => `http://localhost:0/api/${pluginId}`,
    getExternalBaseUrl: async pluginId => `http://localhost:0/api/${pluginId}`,
  }),
  {
    factory: () => discoveryServiceFactory,
    mock: mockOf<DiscoveryService>(coreServices.discovery, ['getBaseUrl', 'getExternalBaseUrl']),
  },
);
