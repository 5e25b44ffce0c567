// The default factory of coreServices.urlReader.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { urlReaderFactoriesServiceRef } from './urlReaderFactories';

/**
 * Reads from git hosts and from what `backend.reading.allow` has, and by the readers that `urlReaderFactoriesServiceRef`
 * gives, which are asked first.
 *
 * @public
 */
export const urlReaderServiceFactory = createServiceFactory({
  service: coreServices.urlReader,
  deps: {
    config: coreServices.rootConfig,
    logger: coreServices.logger,
    factories: urlReaderFactoriesServiceRef,
  },
  async factory({ config, logger, factories }) {
    // Loaded with the first plugin that reads.
    const { UrlReaders } = await import('./UrlReaders');
    return UrlReaders.default({ config, logger, factories });
  },
});
