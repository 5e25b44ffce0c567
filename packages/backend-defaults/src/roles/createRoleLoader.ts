// Creates the feature loader with which one built program can start as any of several backends.
import { featureNotesServiceRef } from '@greenroom/backend-app-api';
import {
  coreServices,
  createBackendFeatureLoader,
  type BackendFeature,
  type BackendFeatureImport,
  type CallableFeature,
} from '@greenroom/backend-plugin-api';
import { CallSite } from '@greenroom/backend-plugin-api/internal';
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
 * Creates a feature loader that adds the features of a backend's roles, and does not even import those of other roles.
 *
 * The roles are set by the environment variable `GREENROOM_ROLE`, separated by commas, or by `backend.roles` in the
 * configuration; the variable takes precedence. If neither is set, the backend has all roles. A function that is
 * listed below several roles adds its feature once. `backend.check()` reports with severity `info` why each feature
 * is in or out.
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
  const loader = createBackendFeatureLoader({
    deps: { config: coreServices.rootConfig, notes: featureNotesServiceRef },
    loader({ config, notes }) {
      const configured = readRoles(config);
      const known = Object.keys(roles);
      const unknown = configured.roles.find(role => !known.includes(role));
      if (unknown !== undefined) throw new RoleUnknownError(unknown, configured.from!, known);

      const taken: FeatureImport[] = [];
      for (const [feature, { itsRoles, name }] of featuresOf(roles)) {
        const isTaken = !configured.from || itsRoles.some(role => configured.roles.includes(role));
        notes.add(new FeatureNote({ name, roles: itsRoles, isTaken }, configured));
        if (isTaken) taken.push(feature);
      }
      return taken.map(feature => feature());
    },
  });
  // Messages name the place of the caller, not one in this file.
  return Object.assign(loader, { description: `created at '${new CallSite(createRoleLoader)}'` });
}

/** Every feature once, with its roles. */
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

/** What the function imports, taken from its source: a feature that is not imported has no other known name. */
function nameOf(feature: FeatureImport): string | undefined {
  const [, specifier] = /\b(?:import|require)\(\s*(["'`][^"'`]+["'`])/.exec(String(feature)) ?? [];
  return specifier && `'${specifier.slice(1, -1)}'`;
}
