// The default factory of coreServices.logger.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';

/**
 * The default `coreServices.logger`: a child of the root logger whose entries carry the id of the plugin as `plugin`.
 *
 * @public
 */
export const loggerServiceFactory = createServiceFactory({
  service: coreServices.logger,
  deps: { rootLogger: coreServices.rootLogger, plugin: coreServices.pluginMetadata },
  factory: ({ rootLogger, plugin }) => rootLogger.child({ plugin: plugin.getId() }),
});
