// The default factory of the alpha service for calling actions.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { actionsServiceRef } from '@greenroom/backend-plugin-api/alpha';
import { ActionsClient } from './ActionsClient';
import { readActionsSettings } from './config';

/**
 * The actions of the plugins that `backend.actions.pluginSources` names, wherever they run.
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
  factory: ({ auth, discovery, logger }, settings) =>
    new ActionsClient({ auth, discovery, logger, settings }),
});
