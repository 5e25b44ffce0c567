// mockServices.cache and mockServices.urlReader, with the default factories.
import { cacheServiceFactory } from '@greenroom/backend-defaults/cache';
import { urlReaderServiceFactory } from '@greenroom/backend-defaults/urlReader';
import { coreServices } from '@greenroom/backend-plugin-api';
import { simpleMock } from './simpleMock';

/** See {@link mockServices}. */
export const cache = simpleMock(coreServices.cache, cacheServiceFactory, [
  'get',
  'set',
  'delete',
  'withOptions',
]);

/** See {@link mockServices}. */
export const urlReader = simpleMock(coreServices.urlReader, urlReaderServiceFactory, [
  'readUrl',
  'readTree',
  'search',
]);
