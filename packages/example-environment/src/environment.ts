// The services of all example backends, so that plugins find the same services wherever they run.
import { createServiceFactory, createSharedEnvironment } from '@greenroom/backend-plugin-api';
import { urlReaderFactoriesServiceRef, type ReaderFactory } from '@greenroom/backend-defaults/urlReader';
import { TheatreRepositoryReader, theatreHost } from './TheatreRepositoryReader';

/** Reads Copperlight's repositories without a network, for both the catalog and the scaffolder. */
const theatreReaders = createServiceFactory({
  service: urlReaderFactoriesServiceRef,
  deps: {},
  factory:
    (): ReaderFactory =>
    ({ treeResponseFactory }) => [
      {
        predicate: url => url.host === theatreHost,
        reader: new TheatreRepositoryReader(treeResponseFactory),
      },
    ],
});

export const environment = createSharedEnvironment({ services: [theatreReaders] });
