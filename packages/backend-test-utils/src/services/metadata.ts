// mockServices for what is installed: nothing, unless a mock says otherwise.
import { rootSystemMetadataServiceFactory } from '@greenroom/backend-defaults/rootSystemMetadata';
import {
  coreServices,
  createServiceFactory,
  type RootInstanceMetadataService,
  type RootSystemMetadataService,
} from '@greenroom/backend-plugin-api';
import { mockOf } from './simpleMock';

const noInstance = (): RootInstanceMetadataService => ({
  getId: () => 'mock',
  getInstalledPlugins: async () => [],
});

/** See {@link mockServices}. */
export const rootInstanceMetadata = Object.assign(noInstance, {
  factory: () =>
    createServiceFactory({
      service: coreServices.rootInstanceMetadata,
      deps: {},
      factory: noInstance,
    }),
  mock: mockOf<RootInstanceMetadataService>(coreServices.rootInstanceMetadata, [
    'getId',
    'getInstalledPlugins',
  ]),
});

/** See {@link mockServices}. */
export const rootSystemMetadata = Object.assign(
  (): RootSystemMetadataService => ({ getInstalledPlugins: async () => [] }),
  {
    factory: () => rootSystemMetadataServiceFactory,
    mock: mockOf<RootSystemMetadataService>(coreServices.rootSystemMetadata, ['getInstalledPlugins']),
  },
);
