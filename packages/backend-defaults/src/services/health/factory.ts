// The default factory of the service by which plugins tell how they are.
import { coreServices, createServiceFactory, healthServiceRef } from '@greenroom/backend-plugin-api';
import { healthChecksServiceRef } from '../rootHealth/healthChecksServiceRef';

/**
 * Adds the checks of a plugin to those of the backend, as `plugin:<id>:<name>`, until the plugin stops.
 *
 * @public
 */
export const healthServiceFactory = createServiceFactory({
  service: healthServiceRef,
  deps: {
    checks: healthChecksServiceRef,
    lifecycle: coreServices.lifecycle,
    plugin: coreServices.pluginMetadata,
  },
  factory: ({ checks, lifecycle, plugin }) => ({
    addCheck(check) {
      const remove = checks.add({ ...check, name: `plugin:${plugin.getId()}:${check.name}` });
      // Also after a failed start that is tried again, which adds them anew.
      lifecycle.addShutdownHook(remove);
    },
  }),
});
