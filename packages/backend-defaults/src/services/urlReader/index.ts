// The subpath ./urlReader.
export { defaultUrlReaderLimits, type GitHostSettings, type UrlReaderLimits } from './config';
export { urlReaderServiceFactory } from './factory';
export { FetchUrlReader, type FetchUrlReaderOptions } from './FetchUrlReader';
export {
  BitbucketCloudUrlReader,
  BitbucketServerUrlReader,
  GiteaUrlReader,
  GithubUrlReader,
  GitlabUrlReader,
} from './gitHostUrlReaders';
export type { FromReadableArrayOptions } from './archive/readFiles';
export { GitHostUrlReader, type GitHostUrlReaderOptions } from './GitHostUrlReader';
export type { GetJson, GitHost, GitHostRequest, GitTarget } from './hosts/GitHost';
export {
  createReadTreeResponseFactory,
  type ReadTreeResponseFactory,
  type ReadTreeResponseFactoryOptions,
  type ReadTreeResponseFactorySettings,
} from './ReadTreeResponseFactory';
export {
  ReadUrlResponseFactory,
  type ReadUrlResponseFactoryFromStreamOptions,
} from './ReadUrlResponseFactory';
export { UrlAllowList, type AllowedTarget } from './UrlAllowList';
export {
  urlReaderFactoriesServiceRef,
  type ReaderFactory,
  type UrlReaderPredicateTuple,
} from './urlReaderFactories';
export {
  ArchiveInvalidError,
  UrlNotAllowedError,
  UrlNotFoundError,
  UrlReadError,
  UrlTooLargeError,
} from './urlReaderErrors';
export { UrlReaders, type UrlReadersOptions } from './UrlReaders';
