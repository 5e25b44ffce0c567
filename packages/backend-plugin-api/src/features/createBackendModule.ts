// Creates modules, which extend a plugin.
import { callableFeature } from '../internal/callableFeature';
import { collectRegistrations } from '../internal/collectRegistrations';
import type { InternalRegistrationsFeature } from '../internal/features';
import { assertFeatureId } from '../internal/ids';
import type { BackendFeature, CallableFeature } from './BackendFeature';
import type { BackendModuleRegistrationPoints } from './registrationPoints';

/** Options of {@link createBackendModule}. */
export interface CreateBackendModuleOptions {
  /** The ID of the plugin that the module extends. */
  pluginId: string;
  /** Consists of letters, digits and dashes, and starts with a letter. Unique among the modules of the plugin. */
  moduleId: string;
  /**
   * Declares what the module provides and needs. Called at startup, and for each further attempt; must be synchronous.
   */
  register(reg: BackendModuleRegistrationPoints): void;
}

/**
 * Creates a module for a plugin, usually as the default export of its package.
 *
 * @throws an error with code `GR_INVALID_ID` if `pluginId` or `moduleId` is not a valid ID.
 *
 * @example
 * ```ts
 * export default createBackendModule({
 *   pluginId: 'greeter',
 *   moduleId: 'loud',
 *   register(reg) {
 *     reg.registerInit({
 *       deps: { greetings: greetingsExtensionPoint },
 *       async init({ greetings }) {
 *         greetings.add('HELLO');
 *       },
 *     });
 *   },
 * });
 * ```
 */
export function createBackendModule(options: CreateBackendModuleOptions): CallableFeature<BackendFeature> {
  const { pluginId, moduleId } = options;
  assertFeatureId(
    pluginId,
    'pluginId',
    `Module ${typeof moduleId === 'string' ? `'${moduleId}'` : 'without an ID'}`,
  );
  assertFeatureId(moduleId, 'moduleId', `A module of plugin '${pluginId}'`);
  return callableFeature<InternalRegistrationsFeature>({
    $$type: '@backstage/BackendFeature',
    version: 'v1',
    featureType: 'registrations',
    pluginId,
    moduleId,
    getRegistrations: () =>
      collectRegistrations(
        { type: 'module-v1.1', pluginId, moduleId, extensionPoints: [], init: undefined },
        options,
      ),
  });
}
