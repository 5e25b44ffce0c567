// The default factory of the alpha service for offering actions.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { actionsRegistryServiceRef } from '@greenroom/backend-plugin-api/alpha';
import { createLazyHandler } from '../../createLazyHandler';

/**
 * The actions of a plugin, served at `/.backstage/actions` of its router.
 *
 * @alpha
 */
export const actionsRegistryServiceFactory = createServiceFactory({
  service: actionsRegistryServiceRef,
  deps: {
    httpAuth: coreServices.httpAuth,
    httpRouter: coreServices.httpRouter,
    logger: coreServices.logger,
    permissions: coreServices.permissions,
    permissionsRegistry: coreServices.permissionsRegistry,
    plugin: coreServices.pluginMetadata,
  },
  async factory({ httpAuth, httpRouter, logger, permissions, permissionsRegistry, plugin }) {
    // Brings zod, which only plugins with actions should pay for.
    const { ActionsRegistry } = await import('./ActionsRegistry');
    const pluginId = plugin.getId();
    const registry = new ActionsRegistry({ logger, permissions, permissionsRegistry, pluginId });
    httpRouter.use(
      createLazyHandler('/.backstage/actions/', async () => {
        const { createActionsRouter } = await import('./createActionsRouter');
        return createActionsRouter(registry, { httpAuth });
      }),
    );
    return registry;
  },
});
