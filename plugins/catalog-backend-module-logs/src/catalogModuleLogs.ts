// Declares the module that logs what the catalog refuses.
import { coreServices, createBackendModule } from '@greenroom/backend-plugin-api';
import { catalogIngestionExtensionPoint, describeIngestionRefusal } from '@greenroom/plugin-catalog-node';

/**
 * Logs a warning for each document, file and location that the catalog refuses, with the searchable fields `file`,
 * `line` and `entityRef`.
 *
 * @public
 */
export const catalogModuleLogs = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'logs',
  register(reg) {
    reg.registerInit({
      deps: { ingestion: catalogIngestionExtensionPoint, logger: coreServices.logger },
      async init({ ingestion, logger }) {
        ingestion.addRefusalListener(refusal => {
          const { reason, ...fields } = refusal;
          logger.warn(`Refused: ${describeIngestionRefusal(refusal)}`, fields);
        });
      },
    });
  },
});
