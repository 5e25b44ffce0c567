// Replaces missing plugins when modules are tested alone, and registers the extension points given by the test.
import {
  createBackendModule,
  createBackendPlugin,
  type BackendFeature,
  type BackendPluginRegistrationPoints,
  type ExtensionPoint,
} from '@greenroom/backend-plugin-api';
import type { FeatureRegistration, InternalBackendFeature } from '@greenroom/backend-plugin-api/internal';

/** An extension point, and what modules receive for it. */
export type GivenExtensionPoint = readonly [ExtensionPoint<unknown>, unknown];

/**
 * Creates a plugin for each plugin id that `features` has modules for, but no plugin. If the plugin is among them, an
 * extra module registers the given extension points.
 */
export function standInPlugins(
  features: readonly BackendFeature[],
  given: readonly GivenExtensionPoint[],
): BackendFeature[] {
  const register = registering(given);
  const registrations = features.flatMap(registrationsOf);
  const plugins = new Set(registrations.filter(each => !isModule(each)).map(({ pluginId }) => pluginId));
  const extended = new Set(registrations.filter(isModule).map(({ pluginId }) => pluginId));
  return [...extended].flatMap(pluginId => {
    if (!plugins.has(pluginId)) return [createBackendPlugin({ pluginId, register })];
    const moduleId = 'test-extension-points';
    return given.length > 0 ? [createBackendModule({ pluginId, moduleId, register })] : [];
  });
}

function registrationsOf(feature: BackendFeature): FeatureRegistration[] {
  const internal = feature as InternalBackendFeature;
  try {
    return internal.featureType === 'registrations' ? internal.getRegistrations() : [];
  } catch {
    // The backend reports what is wrong with it.
    return [];
  }
}

function isModule(registration: FeatureRegistration): boolean {
  return registration.type.startsWith('module');
}

const registering =
  (given: readonly GivenExtensionPoint[]) =>
  (reg: BackendPluginRegistrationPoints): void => {
    for (const [point, implementation] of given) reg.registerExtensionPoint(point, implementation);
    reg.registerInit({ deps: {}, async init() {} });
  };
