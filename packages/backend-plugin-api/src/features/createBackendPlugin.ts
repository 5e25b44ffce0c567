// Creates plugins.
import { callableFeature } from '../internal/callableFeature';
import { collectRegistrations } from '../internal/collectRegistrations';
import type { InternalRegistrationsFeature } from '../internal/features';
import { assertFeatureId } from '../internal/ids';
import type { BackendFeature, CallableFeature } from './BackendFeature';
import type { BackendPluginRegistrationPoints } from './registrationPoints';

/** Options of {@link createBackendPlugin}. */
export interface CreateBackendPluginOptions {
  /**
   * Consists of letters, digits and dashes, and starts with a letter. Part of the plugin's URLs, database name and log
   * lines.
   */
  pluginId: string;
  /**
   * Declares what the plugin provides and needs. Called at startup, and for each further attempt; must be synchronous.
   */
  register(reg: BackendPluginRegistrationPoints): void;
}

/**
 * Creates a plugin, usually as the default export of its package.
 *
 * @throws an error with code `GR_INVALID_ID` if `pluginId` is not a valid ID.
 *
 * @example
 * ```ts
 * export default createBackendPlugin({
 *   pluginId: 'greeter',
 *   register(reg) {
 *     reg.registerInit({
 *       deps: { logger: coreServices.logger },
 *       async init({ logger }) {
 *         logger.info('Hello');
 *       },
 *     });
 *   },
 * });
 * ```
 */
export function createBackendPlugin(options: CreateBackendPluginOptions): CallableFeature<BackendFeature> {
  const { pluginId } = options;
  assertFeatureId(pluginId, 'pluginId', 'A plugin');
  return callableFeature<InternalRegistrationsFeature>({
    $$type: '@backstage/BackendFeature',
    version: 'v1',
    featureType: 'registrations',
    pluginId,
    getRegistrations: () =>
      collectRegistrations({ type: 'plugin-v1.1', pluginId, extensionPoints: [], init: undefined }, options),
  });
}
