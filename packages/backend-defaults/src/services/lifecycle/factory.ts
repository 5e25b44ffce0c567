// The default factory of coreServices.lifecycle.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { Lifecycle } from './Lifecycle';

/**
 * Startup and shutdown hooks of a plugin. Replace it to observe or reorder hooks.
 *
 * @public
 */
export const lifecycleServiceFactory = createServiceFactory({
  service: coreServices.lifecycle,
  deps: { plugin: coreServices.pluginMetadata },
  factory: ({ plugin }) => new Lifecycle(`plugin '${plugin.getId()}'`),
});
