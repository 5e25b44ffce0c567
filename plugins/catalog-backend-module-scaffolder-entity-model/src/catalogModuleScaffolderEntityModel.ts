// Declares the module that adds the kind Template.
import { createBackendModule } from '@greenroom/backend-plugin-api';
import { catalogEntityKindsExtensionPoint } from '@greenroom/plugin-catalog-node';
import { templateKind } from './templateKind';

/**
 * Adds the kind Template (`scaffolder.backstage.io/v1beta3`) to the catalog.
 *
 * @public
 */
export const catalogModuleScaffolderEntityModel = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'scaffolder-entity-model',
  register(reg) {
    reg.registerInit({
      deps: { kinds: catalogEntityKindsExtensionPoint },
      async init({ kinds }) {
        kinds.addEntityKind(templateKind);
      },
    });
  },
});
