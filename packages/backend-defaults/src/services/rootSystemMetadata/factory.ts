// The default factory of coreServices.rootSystemMetadata.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { DefaultRootSystemMetadataService } from './DefaultRootSystemMetadataService';

/**
 * The plugins of this backend, and those that `discovery.endpoints` names.
 *
 * @public
 */
export const rootSystemMetadataServiceFactory = createServiceFactory({
  service: coreServices.rootSystemMetadata,
  // Few plugins need it, and none at start.
  initialization: 'lazy',
  deps: { config: coreServices.rootConfig, instanceMetadata: coreServices.rootInstanceMetadata },
  factory: deps => DefaultRootSystemMetadataService.create(deps),
});
