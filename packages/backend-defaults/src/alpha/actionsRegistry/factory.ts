// The default factory of the alpha service for offering actions.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { actionsRegistryServiceRef } from '@greenroom/backend-plugin-api/alpha';
import { createLazyHandler } from '../../createLazyHandler';
import { readPluginSources } from '../actions/config';

/**
 * The actions of a plugin, served below `/.backstage/actions` on its router. Offers none if
 * `backend.actions.pluginSources` is set and does not include the plugin.
 *
 * @alpha
 */
export const actionsRegistryServiceFactory = createServiceFactory({
  service: actionsRegistryServiceRef,
  deps: {
    config: coreServices.rootConfig,
    httpAuth: coreServices.httpAuth,
    httpRouter: coreServices.httpRouter,
    logger: coreServices.logger,
    permissions: coreServices.permissions,
    permissionsRegistry: coreServices.permissionsRegistry,
    plugin: coreServices.pluginMetadata,
  },
  async factory({ config, httpAuth, httpRouter, logger, permissions, permissionsRegistry, plugin }) {
    // Loads zod, which only plugins with actions should pay for.
    const { ActionsRegistry } = await import('./ActionsRegistry');
    const pluginId = plugin.getId();
    const options = { logger, permissions, permissionsRegistry, pluginId };
    const registry = new ActionsRegistry(options);
    httpRouter.use(
      createLazyHandler('/.backstage/actions/', async () => {
        const { createActionsRouter } = await import('./createActionsRouter');
        const offered =
          readPluginSources(config)?.includes(pluginId) === false ? new ActionsRegistry(options) : registry;
        return createActionsRouter(offered, { httpAuth });
      }),
    );
    return registry;
  },
});
