// Declares the catalog plugin: what it offers to modules, and what it needs.
import { NotImplementedError } from '@backstage/errors';
import { coreServices, createBackendPlugin } from '@greenroom/backend-plugin-api';
import {
  catalogEntityKindsExtensionPoint,
  catalogIngestionExtensionPoint,
  catalogProcessingExtensionPoint,
  type EntityKindDefinition,
} from '@greenroom/plugin-catalog-node';
import { RefusalObservers } from './ingestion/RefusalObservers';

/**
 * The catalog: reads entities from the locations of the configuration key `catalog.locations`, stores them and serves
 * them at `/api/catalog`.
 *
 * @public
 */
export const catalogPlugin = createBackendPlugin({
  pluginId: 'catalog',
  register(reg) {
    const addedKinds: EntityKindDefinition[] = [];
    const observers = new RefusalObservers();
    reg.registerExtensionPoint(catalogEntityKindsExtensionPoint, {
      addEntityKind: (...kinds) => void addedKinds.push(...kinds),
    });
    reg.registerExtensionPoint(catalogIngestionExtensionPoint, observers);
    reg.registerExtensionPoint(catalogProcessingExtensionPoint, {
      addProcessor: notYet,
      addEntityProvider: notYet,
      addPlaceholderResolver: notYet,
      setOnProcessingErrorHandler: handler => observers.setOnProcessingErrorHandler(handler),
    });

    reg.registerInit({
      deps: {
        config: coreServices.rootConfig,
        database: coreServices.database,
        httpRouter: coreServices.httpRouter,
        logger: coreServices.logger,
      },
      async init(services) {
        // Loaded only when a backend starts: parsers, validators and the router cost more than all the rest.
        const { startCatalog } = await import('./startCatalog');
        await startCatalog({ ...services, addedKinds, observers, directory: process.cwd() });
      },
    });
  },
});

function notYet(): never {
  throw new NotImplementedError('This release of the catalog reads files only');
}
