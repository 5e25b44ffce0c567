// The default factory of the alpha service for calling actions.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { actionsServiceRef } from '@greenroom/backend-plugin-api/alpha';
import { readActionsSettings } from './config';

/**
 * Access to the actions of the plugins in `backend.actions.pluginSources`, wherever they run.
 *
 * @alpha
 */
export const actionsServiceFactory = createServiceFactory({
  service: actionsServiceRef,
  deps: {
    auth: coreServices.auth,
    config: coreServices.rootConfig,
    discovery: coreServices.discovery,
    logger: coreServices.logger,
  },
  createRootContext: ({ config }) => readActionsSettings(config),
  async factory({ auth, discovery, logger }, settings) {
    // Loaded for the first plugin that calls actions.
    const { ActionsClient } = await import('./ActionsClient');
    return new ActionsClient({ auth, discovery, logger, settings });
  },
});
