// mockServices of what is installed: nothing, unless a mock says otherwise.
import { rootSystemMetadataServiceFactory } from '@greenroom/backend-defaults/rootSystemMetadata';
import {
  coreServices,
  createServiceFactory,
  type RootInstanceMetadataService,
  type RootSystemMetadataService,
} from '@greenroom/backend-plugin-api';
import { mockOf } from './simpleMock';

/** See {@link mockServices}. */
export const rootInstanceMetadata = Object.assign(
  (): RootInstanceMetadataService => ({ getInstalledPlugins: async () => [] }),
  {
    factory: () =>
      createServiceFactory({
        service: coreServices.rootInstanceMetadata,
        deps: {},
        factory: (): RootInstanceMetadataService => ({ getInstalledPlugins: async () => [] }),
      }),
    mock: mockOf<RootInstanceMetadataService>(coreServices.rootInstanceMetadata, ['getInstalledPlugins']),
  },
);

/** See {@link mockServices}. */
export const rootSystemMetadata = Object.assign(
  (): RootSystemMetadataService => ({ getInstalledPlugins: async () => [] }),
  {
    factory: () => rootSystemMetadataServiceFactory,
    mock: mockOf<RootSystemMetadataService>(coreServices.rootSystemMetadata, ['getInstalledPlugins']),
  },
);
