// Creates a module that adds kinds to the catalog by describing them.
import type { CatalogModelLayer } from '@backstage/catalog-model/alpha';
import { type BackendFeature, createBackendModule } from '@greenroom/backend-plugin-api';
import { catalogModelExtensionPoint } from './catalogModelExtensionPoint';

/**
 * Creates a module of the catalog that changes the model with layers from `createCatalogModelLayer` of
 * `@backstage/catalog-model/alpha`. Backstage's own kinds are unchanged unless the layers mention them.
 *
 * @alpha
 */
export function provideStaticCatalogModel(options: { layers?: CatalogModelLayer[] } = {}): BackendFeature {
  const { layers = [] } = options;
  const names = layers.map(({ layerId }) => layerId.toLowerCase().replace(/[^a-z0-9]+/g, '-'));
  return createBackendModule({
    pluginId: 'catalog',
    // The module may be added several times, with different layers.
    moduleId: ['static-model', ...names].join('-'),
    register(reg) {
      reg.registerInit({
        deps: { model: catalogModelExtensionPoint },
        async init({ model }) {
          const { CatalogModelSources } = await import('@backstage/catalog-model/alpha');
          model.addModelSource(CatalogModelSources.static(layers));
        },
      });
    },
  });
}
