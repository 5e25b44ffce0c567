// Creates the feature loader by which one built program starts as any of several backends.
import { featureNotesServiceRef } from '@greenroom/backend-app-api';
import {
  coreServices,
  createBackendFeatureLoader,
  type BackendFeature,
  type BackendFeatureImport,
  type CallableFeature,
} from '@greenroom/backend-plugin-api';
import { FeatureNote } from './FeatureNote';
import { readRoles } from './readRoles';
import { RoleUnknownError } from './RoleUnknownError';

/**
 * Imports a feature: `() => import('@greenroom/plugin-catalog-backend')`.
 *
 * @public
 */
export type FeatureImport = () => Promise<BackendFeatureImport>;

/**
 * Creates a feature loader that adds the features of the roles that a backend has, and does not even import those of others.
 *
 * The roles are set by the variable `GREENROOM_ROLE`, separated by commas, or by `backend.roles` in the configuration; the
 * variable wins. Where nothing is set the backend has all of them. A function that stands below several roles adds its
 * feature once. `backend.check()` tells of each feature, with severity `info`, why it is in or out.
 *
 * The loader fails with `GR_ROLE_UNKNOWN` if a role is set that is not among `roles`.
 *
 * @example
 * ```ts
 * const backend = createBackend();
 * backend.add(
 *   createRoleLoader({
 *     catalog: [() => import('@greenroom/plugin-catalog-backend')],
 *     scaffolder: [() => import('@greenroom/plugin-scaffolder-backend')],
 *   }),
 * );
 * await backend.start();
 * ```
 *
 * @public
 */
export function createRoleLoader(
  roles: Record<string, readonly FeatureImport[]>,
): CallableFeature<BackendFeature> {
  return createBackendFeatureLoader({
    deps: { config: coreServices.rootConfig, notes: featureNotesServiceRef },
    loader({ config, notes }) {
      const configured = readRoles(config);
      const known = Object.keys(roles);
      const unknown = configured.roles.find(role => !known.includes(role));
      if (unknown !== undefined) throw new RoleUnknownError(unknown, configured.from!, known);

      const taken: FeatureImport[] = [];
      for (const [feature, { itsRoles, name }] of featuresOf(roles)) {
        const isTaken = !configured.from || itsRoles.some(role => configured.roles.includes(role));
        notes.add(new FeatureNote(name, itsRoles, configured, isTaken));
        if (isTaken) taken.push(feature);
      }
      return taken.map(feature => feature());
    },
  });
}

/** Every feature once, with the roles that have it. */
function featuresOf(roles: Record<string, readonly FeatureImport[]>) {
  const found = new Map<FeatureImport, { itsRoles: string[]; name: string }>();
  for (const [role, features] of Object.entries(roles)) {
    for (const [at, feature] of features.entries()) {
      const one = found.get(feature);
      if (one) one.itsRoles.push(role);
      else
        found.set(feature, { itsRoles: [role], name: nameOf(feature) ?? `Feature ${at + 1} of '${role}'` });
    }
  }
  return found;
}

/** What it imports, as it stands in the source: what is left out is not imported, so nothing else tells its name. */
function nameOf(feature: FeatureImport): string | undefined {
  const [, specifier] = /\b(?:import|require)\(\s*(["'`][^"'`]+["'`])/.exec(String(feature)) ?? [];
  return specifier && `'${specifier.slice(1, -1)}'`;
}
