// The feature loader that adds what the dependencies of a backend's package export, as the configuration wants it.
import { coreServices, createBackendFeatureLoader } from '@greenroom/backend-plugin-api';
import { defaultSchemaRoots } from '../services/rootConfig/schemas/gatherSchemas';
import { readChosenPackages } from './readChosenPackages';

/**
 * Adds the features that the dependencies of the backend's package export as `default`, also from `./alpha`.
 *
 * `backend.packages` says of which: `all`, or `{ include, exclude }` with lists of names; of none where it is not set. Asked
 * are packages whose `backstage.role` is one of a backend's, and those without a role that depend on `backend-plugin-api`.
 * The backend's package is that of the script that runs, or else that of the working directory.
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
export const discoveryFeatureLoader = createBackendFeatureLoader({
  deps: { config: coreServices.rootConfig },
  async loader({ config }) {
    const chosen = readChosenPackages(config);
    if (!chosen) return [];
    // Read and loaded only where it is wanted.
    const { featuresOfPackages } = await import('./featuresOfPackages');
    return featuresOfPackages(defaultSchemaRoots()[0]!, chosen);
  },
});
