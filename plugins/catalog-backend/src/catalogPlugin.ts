// Declares the catalog plugin, with its extension points and dependencies.
import { createBackendPlugin } from '@greenroom/backend-plugin-api';
import {
  catalogAnalysisExtensionPoint,
  catalogEntityKindsExtensionPoint,
  catalogIngestionExtensionPoint,
  catalogLocationsExtensionPoint,
  catalogProcessingExtensionPoint,
} from '@greenroom/plugin-catalog-node';
import { catalogModelExtensionPoint } from '@greenroom/plugin-catalog-node/alpha';
import { CatalogExtensions } from './CatalogExtensions';
import { catalogServices } from './catalogServices';

/**
 * The catalog plugin: ingests entities from locations and providers, keeps them up to date, and serves
 * `/api/catalog`.
 *
 * @public
 */
export const catalogPlugin = createBackendPlugin({
  pluginId: 'catalog',
  register(reg) {
    const extensions = new CatalogExtensions();
    reg.registerExtensionPoint(catalogEntityKindsExtensionPoint, extensions.kindsPoint);
    reg.registerExtensionPoint(catalogIngestionExtensionPoint, extensions.observers);
    reg.registerExtensionPoint(catalogProcessingExtensionPoint, extensions.processingPoint);
    reg.registerExtensionPoint(catalogLocationsExtensionPoint, extensions.locationsPoint);
    reg.registerExtensionPoint(catalogAnalysisExtensionPoint, extensions.analysisPoint);
    reg.registerExtensionPoint(catalogModelExtensionPoint, extensions.modelPoint);

    reg.registerInit({
      deps: catalogServices,
      async init(services) {
        // Loaded only when a backend starts: parsers, validators and the router cost more than everything else.
        const { startCatalog } = await import('./startCatalog');
        await startCatalog({ ...services, extensions, directory: process.cwd() });
      },
    });
  },
});
