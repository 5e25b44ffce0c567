// Reads plain HTTP URLs that `backend.reading.allow` permits.
import { NotImplementedError } from '@backstage/errors';
import type {
  UrlReaderService,
  UrlReaderServiceReadTreeOptions,
  UrlReaderServiceReadTreeResponse,
  UrlReaderServiceReadUrlOptions,
  UrlReaderServiceReadUrlResponse,
  UrlReaderServiceSearchOptions,
  UrlReaderServiceSearchResponse,
} from '@greenroom/backend-plugin-api';
import { readAllowedTargets, readUrlReaderLimits, type UrlReaderLimits } from './config';
import { fetchUrl, type FetchedUrl, type FetchUrlOptions } from './fetchUrl';
import { hasGlob, searchOne } from './globSearch';
import type { ReadTreeResponseFactory } from './ReadTreeResponseFactory';
import { ReadUrlResponseFactory } from './ReadUrlResponseFactory';
import { UrlAllowList } from './UrlAllowList';
import type { ReaderFactory } from './urlReaderFactories';
import { describeUrl, UrlNotAllowedError } from './urlReaderErrors';

/** Options of {@link FetchUrlReader}. */
export interface FetchUrlReaderOptions {
  allowList: UrlAllowList;
  limits: UrlReaderLimits;
  treeResponseFactory: ReadTreeResponseFactory;
}

/** Reads files, and archives (`.tar`, `.tar.gz`, `.tgz`, `.zip`) as trees. */
export class FetchUrlReader implements UrlReaderService {
  static factory: ReaderFactory = ({ config, treeResponseFactory }) => {
    const allowList = new UrlAllowList(readAllowedTargets(config));
    const limits = readUrlReaderLimits(config);
    const reader = new FetchUrlReader({ allowList, limits, treeResponseFactory });
    return [{ reader, predicate: url => allowList.allows(url) }];
  };

  readonly #options: FetchUrlReaderOptions;

  constructor(options: FetchUrlReaderOptions) {
    this.#options = options;
  }

  async readUrl(
    url: string,
    options?: UrlReaderServiceReadUrlOptions,
  ): Promise<UrlReaderServiceReadUrlResponse> {
    const { stream, etag, lastModifiedAt } = await this.#fetch(new URL(url), options, 'maxFileSize');
    return ReadUrlResponseFactory.fromReadable(stream, { etag, lastModifiedAt });
  }

  async readTree(
    url: string,
    options: UrlReaderServiceReadTreeOptions = {},
  ): Promise<UrlReaderServiceReadTreeResponse> {
    const target = new URL(url);
    const kind = /\.(tar|tar\.gz|tgz|zip)$/i.exec(target.pathname)?.[1]?.toLowerCase();
    if (!kind) {
      throw new NotImplementedError(
        `${describeUrl(target)} can't be read as a tree: a plain web server has no directories. Give the URL of a .tar.gz or .zip archive, or of a git host that 'integrations' has.`,
      );
    }
    const { filter, ...call } = options;
    const { stream, headers, etag } = await this.#fetch(target, call, 'maxArchiveSize');
    const archive = { stream, filter, etag: etag ?? headers.get('last-modified') ?? '' };
    const { treeResponseFactory } = this.#options;
    return kind === 'zip'
      ? treeResponseFactory.fromZipArchive(archive)
      : treeResponseFactory.fromTarArchive({ ...archive, stripFirstDirectory: false });
  }

  async search(
    url: string,
    options?: UrlReaderServiceSearchOptions,
  ): Promise<UrlReaderServiceSearchResponse> {
    const target = new URL(url);
    if (hasGlob(target.pathname.replace(/%7B/gi, '{'))) {
      throw new NotImplementedError(
        `${describeUrl(target)} can't be searched: a plain web server has no list of its files. Give the URL of one file, or of a git host that 'integrations' has.`,
      );
    }
    return searchOne(url, () => this.readUrl(url, options));
  }

  toString(): string {
    return 'fetch{}';
  }

  async #fetch(
    url: URL,
    options: UrlReaderServiceReadUrlOptions | undefined,
    maxSize: FetchUrlOptions['maxSize'],
  ): Promise<FetchedUrl> {
    const { allowList, limits } = this.#options;
    // No predicate has checked the URL if this class is used directly.
    if (!allowList.allows(url)) throw notAllowed(url);
    const { token, ...conditions } = options ?? {};
    return fetchUrl(url, {
      ...conditions,
      headers: token ? { authorization: `Bearer ${token}` } : {},
      limits,
      maxSize,
      mayRedirectTo: next => allowList.allows(next),
      credentialsHint:
        'Its host may want a token: one of those in integrations has it from there, and code can give one to readUrl.',
    });
  }
}

/** The error for a URL that no reader reads. */
export function notAllowed(url: URL): UrlNotAllowedError {
  const fetchable = /^https?:$/.test(url.protocol);
  if (fetchable && (url.username || url.password)) {
    return new UrlNotAllowedError(
      url,
      'is not allowed, because the URL has a user or password in it',
      `Take it out, and configure credentials of ${url.host} below 'integrations'.`,
    );
  }
  const hint = fetchable
    ? `Add { host: '${url.host}' } to backend.reading.allow, with the paths that may be read, or an entry for ${url.host} below 'integrations' if it is a host of GitHub, GitLab, Bitbucket or Gitea.`
    : 'Use an http or https URL, or add a reader of such URLs by urlReaderFactoriesServiceRef.';
  return new UrlNotAllowedError(url, 'is not allowed by the configuration', hint);
}
