// Combines readers: the first one that accepts a URL reads it.
import { InputError } from '@backstage/errors';
import type {
  LoggerService,
  RootConfigService,
  UrlReaderService,
  UrlReaderServiceReadTreeOptions,
  UrlReaderServiceReadUrlOptions,
  UrlReaderServiceSearchOptions,
} from '@greenroom/backend-plugin-api';
import { readUrlReaderLimits, readWorkingDirectory } from './config';
import { FetchUrlReader, notAllowed } from './FetchUrlReader';
import {
  BitbucketCloudUrlReader,
  BitbucketServerUrlReader,
  GiteaUrlReader,
  GithubUrlReader,
  GitlabUrlReader,
} from './gitHostUrlReaders';
import { createReadTreeResponseFactory } from './ReadTreeResponseFactory';
import type { ReaderFactory, UrlReaderPredicateTuple } from './urlReaderFactories';

/** Options of {@link UrlReaders}. */
export type UrlReadersOptions = {
  config: RootConfigService;
  logger: LoggerService;
  /** Their readers are asked in this order. Default: none. */
  factories?: ReaderFactory[];
};

const defaultFactories = [
  GithubUrlReader.factory,
  GitlabUrlReader.factory,
  BitbucketCloudUrlReader.factory,
  BitbucketServerUrlReader.factory,
  GiteaUrlReader.factory,
  // Last, so that a git host that is also allowed for plain reading is read with its credentials.
  FetchUrlReader.factory,
];

/** Combines many readers into one. */
export const UrlReaders = {
  /** From the given factories only. */
  create({ config, logger, factories = [] }: UrlReadersOptions): UrlReaderService {
    const treeResponseFactory = createReadTreeResponseFactory({
      limits: readUrlReaderLimits(config),
      workingDirectory: readWorkingDirectory(config),
    });
    return new CombinedUrlReader(
      factories.flatMap(factory => factory({ config, logger, treeResponseFactory })),
    );
  },

  /** From the given factories, then those of this package. */
  default({ factories = [], ...options }: UrlReadersOptions): UrlReaderService {
    return UrlReaders.create({ ...options, factories: [...factories, ...defaultFactories] });
  },
};

class CombinedUrlReader implements UrlReaderService {
  readonly #readers: readonly UrlReaderPredicateTuple[];

  constructor(readers: readonly UrlReaderPredicateTuple[]) {
    this.#readers = readers;
  }

  // Async, so that an invalid URL leads to a rejection, as any other error does.
  async readUrl(url: string, options?: UrlReaderServiceReadUrlOptions) {
    return this.#readerOf(url).readUrl(url, options);
  }

  async readTree(url: string, options?: UrlReaderServiceReadTreeOptions) {
    return this.#readerOf(url).readTree(url, options);
  }

  async search(url: string, options?: UrlReaderServiceSearchOptions) {
    return this.#readerOf(url).search(url, options);
  }

  toString(): string {
    return `readers{${this.#readers.map(({ reader }) => String(reader)).join(',')}}`;
  }

  #readerOf(url: string): UrlReaderService {
    if (!URL.canParse(url)) {
      throw new InputError(
        `${JSON.stringify(url)} is not an absolute URL such as https://example.com/file.yaml`,
      );
    }
    const target = new URL(url);
    const found = this.#readers.find(({ predicate }) => predicate(target));
    if (!found) throw notAllowed(target);
    return found.reader;
  }
}
