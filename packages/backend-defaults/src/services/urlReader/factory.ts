// The default factory of coreServices.urlReader.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { urlReaderFactoriesServiceRef } from './urlReaderFactories';

/**
 * Reads from git hosts, from what `backend.reading.allow` permits, and with the readers provided through
 * `urlReaderFactoriesServiceRef`, which are asked first.
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
    // Loaded only if a plugin reads URLs.
    const { UrlReaders } = await import('./UrlReaders');
    return UrlReaders.default({ config, logger, factories });
  },
});
