// The feature loader that adds what the dependencies of a backend's package export, as configured.
import {
  coreServices,
  createBackendFeatureLoader,
  type BackendFeature,
  type CallableFeature,
} from '@greenroom/backend-plugin-api';
import { defaultSchemaRoots } from '../services/rootConfig/schemas/gatherSchemas';
import { readChosenPackages } from './readChosenPackages';

/**
 * Adds the features that the dependencies of the backend's package export as `default`, including those of `./alpha`.
 *
 * `backend.packages` selects the packages: `all`, or `{ include, exclude }` with lists of names; none if it is not
 * set. Only those whose `backstage.role` is that of a backend, a plugin or module of one, or a `node-library` are
 * loaded, and those without a role that depend on `backend-plugin-api`. The backend's package is that of the running
 * script, or else that of the working directory.
 *
 * The loader fails with `GR_PACKAGE_LOAD` if a package is missing or can't be loaded.
 *
 * @example
 * ```ts
 * const backend = createBackend();
 * backend.add(discoveryFeatureLoader);
 * await backend.start();
 * ```
 *
 * @public
 */
export const discoveryFeatureLoader: CallableFeature<BackendFeature> = Object.assign(
  createBackendFeatureLoader({
    deps: { config: coreServices.rootConfig },
    async loader({ config }) {
      const chosen = readChosenPackages(config);
      if (!chosen) return [];
      // Loaded only if it is needed.
      const { featuresOfPackages } = await import('./featuresOfPackages');
      return featuresOfPackages(defaultSchemaRoots()[0]!, chosen);
    },
  }),
  // Messages name what it is for, not a place in this file.
  { description: 'of backend.packages' },
);
