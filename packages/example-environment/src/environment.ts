// The services that all example backends have, so that plugins find the same ones in whichever of them they run.
import { createServiceFactory, createSharedEnvironment } from '@greenroom/backend-plugin-api';
import { urlReaderFactoriesServiceRef, type ReaderFactory } from '@greenroom/backend-defaults/urlReader';
import { TheatreRepositoryReader, theatreHost } from './TheatreRepositoryReader';

/** Copperlight's repositories are read without a network, by the catalog and by the scaffolder alike. */
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
