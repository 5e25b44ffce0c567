// Declares the catalog plugin: what it offers to modules, and what it needs.
import { coreServices, createBackendPlugin, eventsServiceRef } from '@greenroom/backend-plugin-api';
import { metricsServiceRef } from '@greenroom/backend-plugin-api/alpha';
import {
  catalogAnalysisExtensionPoint,
  catalogEntityKindsExtensionPoint,
  catalogIngestionExtensionPoint,
  catalogLocationsExtensionPoint,
  catalogProcessingExtensionPoint,
} from '@greenroom/plugin-catalog-node';
import { catalogModelExtensionPoint } from '@greenroom/plugin-catalog-node/alpha';
import { CatalogExtensions } from './CatalogExtensions';

/**
 * The catalog: takes in entities from locations and providers, keeps them up to date, and serves them at `/api/catalog`.
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
      deps: {
        auditor: coreServices.auditor,
        config: coreServices.rootConfig,
        database: coreServices.database,
        events: eventsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        urlReader: coreServices.urlReader,
      },
      async init(services) {
        // Loaded only when a backend starts: parsers, validators and the router cost more than all the rest.
        const { startCatalog } = await import('./startCatalog');
        await startCatalog({ ...services, extensions, directory: process.cwd() });
      },
    });
  },
});
