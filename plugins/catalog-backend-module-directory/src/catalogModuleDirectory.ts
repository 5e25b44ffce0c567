// Declares the module that provides entities from local folders.
import { coreServices, createBackendModule } from '@greenroom/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@greenroom/plugin-catalog-node';
import { DirectoryEntityProvider } from './DirectoryEntityProvider';
import { readDirectories } from './readDirectories';

/**
 * Keeps the catalog in sync with the folders configured under `catalog.providers.directory`.
 *
 * @public
 */
export const catalogModuleDirectory = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'directory',
  register(reg) {
    reg.registerInit({
      deps: {
        config: coreServices.rootConfig,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        processing: catalogProcessingExtensionPoint,
      },
      async init({ config, lifecycle, logger, processing }) {
        for (const directory of readDirectories(config, process.cwd())) {
          const provider = new DirectoryEntityProvider(directory, logger);
          processing.addEntityProvider(provider);
          lifecycle.addShutdownHook(() => provider.stop());
        }
      },
    });
  },
});
