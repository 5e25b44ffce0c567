// The default factory of coreServices.permissions.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { readPermissionsEnabled } from './config';
import { PermissionsClient } from './PermissionsClient';

/**
 * Asks the permission plugin, wherever it runs. Unless `permission.enabled` is true, everything is allowed except
 * what the access restrictions of an external caller forbid.
 *
 * @public
 */
export const permissionsServiceFactory = createServiceFactory({
  service: coreServices.permissions,
  deps: {
    auth: coreServices.auth,
    config: coreServices.rootConfig,
    discovery: coreServices.discovery,
    plugin: coreServices.pluginMetadata,
  },
  createRootContext: ({ config }) => ({ enabled: readPermissionsEnabled(config) }),
  factory: ({ auth, discovery, plugin }, { enabled }) =>
    new PermissionsClient({ auth, discovery, enabled, pluginId: plugin.getId() }),
});
