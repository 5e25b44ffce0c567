// The default factory of coreServices.httpAuth.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { DefaultHttpAuthService } from './DefaultHttpAuthService';

/**
 * Provides the credentials of HTTP requests.
 *
 * @public
 */
export const httpAuthServiceFactory = createServiceFactory({
  service: coreServices.httpAuth,
  deps: {
    auth: coreServices.auth,
    discovery: coreServices.discovery,
    plugin: coreServices.pluginMetadata,
  },
  factory: ({ auth, discovery, plugin }) =>
    DefaultHttpAuthService.create({ auth, discovery, pluginId: plugin.getId() }),
});
