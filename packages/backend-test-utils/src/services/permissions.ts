// mockServices.permissions and mockServices.permissionsRegistry.
import { permissionsServiceFactory } from '@greenroom/backend-defaults/permissions';
import { permissionsRegistryServiceFactory } from '@greenroom/backend-defaults/permissionsRegistry';
import { coreServices, createServiceFactory, type PermissionsService } from '@greenroom/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { mockOf, simpleMock } from './simpleMock';

/**
 * Options of `mockServices.permissions`.
 *
 * @public
 */
export interface MockPermissionsOptions {
  /** The decision for every request. Defaults to allow. */
  result: AuthorizeResult.ALLOW | AuthorizeResult.DENY;
}

function permissionsOf(options?: MockPermissionsOptions): PermissionsService {
  const result = options?.result ?? AuthorizeResult.ALLOW;
  return {
    authorize: async requests => requests.map(() => ({ result })),
    authorizeConditional: async requests => requests.map(() => ({ result })),
  };
}

/** See {@link mockServices}. */
export const permissions = Object.assign(permissionsOf, {
  factory: (options?: MockPermissionsOptions) =>
    options
      ? createServiceFactory({
          service: coreServices.permissions,
          deps: {},
          factory: () => permissionsOf(options),
        })
      : permissionsServiceFactory,
  mock: mockOf<PermissionsService>(coreServices.permissions, ['authorize', 'authorizeConditional']),
});

/** See {@link mockServices}. */
export const permissionsRegistry = simpleMock(
  coreServices.permissionsRegistry,
  permissionsRegistryServiceFactory,
  ['addResourceType', 'addPermissions', 'addPermissionRules', 'getPermissionRuleset'],
);
