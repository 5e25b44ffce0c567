// The default factory of coreServices.permissionsRegistry.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { createLazyHandler } from '../../createLazyHandler';
import { PermissionsRegistry } from './PermissionsRegistry';

/**
 * What a plugin protects, served below `/.well-known/backstage/permissions` on its router.
 *
 * @public
 */
export const permissionsRegistryServiceFactory = createServiceFactory({
  service: coreServices.permissionsRegistry,
  deps: {
    httpAuth: coreServices.httpAuth,
    httpRouter: coreServices.httpRouter,
    plugin: coreServices.pluginMetadata,
  },
  factory({ httpAuth, httpRouter, plugin }) {
    const registry = new PermissionsRegistry(plugin.getId());
    httpRouter.use(
      createLazyHandler('/.well-known/backstage/permissions/', async () => {
        const { createPermissionsRouter } = await import('./createPermissionsRouter');
        return createPermissionsRouter(registry, { httpAuth });
      }),
    );
    return registry;
  },
});
