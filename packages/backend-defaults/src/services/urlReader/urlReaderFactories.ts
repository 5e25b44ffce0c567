// What readers are made of, and the service by which others add theirs.
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

/** Makes any number of readers from the configuration. */
export type ReaderFactory = (options: {
  config: RootConfigService;
  logger: LoggerService;
  treeResponseFactory: ReadTreeResponseFactory;
}) => UrlReaderPredicateTuple[];

/**
 * Provide a {@link ReaderFactory} by this service, and its readers are asked before the default ones. Any number of
 * factories may.
 *
 * @public
 */
export const urlReaderFactoriesServiceRef = createServiceRef<ReaderFactory>({
  id: 'core.urlReader.factories',
  scope: 'plugin',
  multiton: true,
});
