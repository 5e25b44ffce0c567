// The types of reader factories, and the service through which others add theirs.
import {
  createServiceRef,
  type LoggerService,
  type RootConfigService,
  type UrlReaderService,
} from '@greenroom/backend-plugin-api';
import type { ReadTreeResponseFactory } from './ReadTreeResponseFactory';

/** A reader, and which URLs it reads. */
export type UrlReaderPredicateTuple = {
  predicate: (url: URL) => boolean;
  reader: UrlReaderService;
};

/** Creates any number of readers from the configuration. */
export type ReaderFactory = (options: {
  config: RootConfigService;
  logger: LoggerService;
  treeResponseFactory: ReadTreeResponseFactory;
}) => UrlReaderPredicateTuple[];

/**
 * Provide a {@link ReaderFactory} through this service to have its readers asked before the default ones. There may
 * be any number of factories.
 *
 * @public
 */
export const urlReaderFactoriesServiceRef = createServiceRef<ReaderFactory>({
  id: 'core.urlReader.factories',
  scope: 'plugin',
  multiton: true,
});
