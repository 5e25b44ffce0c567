// The default factory of coreServices.rootSystemMetadata.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { DefaultRootSystemMetadataService } from './DefaultRootSystemMetadataService';

/**
 * The plugins of this backend and of those that `discovery.endpoints` leads to.
 *
 * @public
 */
export const rootSystemMetadataServiceFactory = createServiceFactory({
  service: coreServices.rootSystemMetadata,
  // Few plugins ask for it, and none at start.
  initialization: 'lazy',
  deps: { config: coreServices.rootConfig, instanceMetadata: coreServices.rootInstanceMetadata },
  factory: deps => DefaultRootSystemMetadataService.create(deps),
});
