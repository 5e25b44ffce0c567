// The default factory of the service through which plugins report their health.
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
      // Also runs after a failed start that is retried, which adds the checks again.
      lifecycle.addShutdownHook(remove);
    },
  }),
});
