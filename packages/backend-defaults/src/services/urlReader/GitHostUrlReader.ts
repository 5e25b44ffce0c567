// Reads files and trees of a git host of any kind, by the URLs that people see in their browser.
import { InputError, NotModifiedError } from '@backstage/errors';
import type {
  UrlReaderService,
  UrlReaderServiceReadTreeOptions,
  UrlReaderServiceReadTreeResponse,
  UrlReaderServiceReadUrlOptions,
  UrlReaderServiceReadUrlResponse,
  UrlReaderServiceSearchOptions,
  UrlReaderServiceSearchResponse,
} from '@greenroom/backend-plugin-api';
import type { GitHostSettings, UrlReaderLimits } from './config';
import { fetchUrl, type FetchedUrl, type FetchUrlOptions } from './fetchUrl';
import { hasGlob, prepareGlob, searchOne } from './globSearch';
import { encodePath, type GitHost, type GitHostRequest, type GitTarget } from './hosts/GitHost';
import type { ReadTreeResponseFactory } from './ReadTreeResponseFactory';
import { readAll, ReadUrlResponseFactory } from './ReadUrlResponseFactory';
import type { UrlAllowList } from './UrlAllowList';
import { describeUrl, type UrlNotAllowedError } from './urlReaderErrors';

/** Options of {@link GitHostUrlReader}. */
export interface GitHostUrlReaderOptions {
  /** Its key below `integrations`, for messages. */
  type: string;
  host: GitHost;
  settings: GitHostSettings;
  /** Provides tokens for repositories, which take precedence over the one in the settings. */
  tokens?: {
    tokenFor(repository: string): Promise<string | undefined>;
    /** Told of tokens that the host refuses with status 401. If there is another afterwards, that is tried once. */
    refuse?(repository: string, token: string): void;
  };
  limits: UrlReaderLimits;
  /** Where redirects may lead, in addition to the host's own addresses. */
  allowList: UrlAllowList;
  treeResponseFactory: ReadTreeResponseFactory;
}

/** Reads from one git host. */
export class GitHostUrlReader implements UrlReaderService {
  readonly #options: GitHostUrlReaderOptions;
  readonly #ownHosts: Set<string>;

  constructor(options: GitHostUrlReaderOptions) {
    this.#options = options;
    const { host, apiBaseUrl, baseUrl, rawBaseUrl } = options.settings;
    const own = [apiBaseUrl, baseUrl, ...(rawBaseUrl ? [rawBaseUrl] : [])].map(url => new URL(url).host);
    this.#ownHosts = new Set([host, ...own, ...options.host.redirectHosts(options.settings)]);
  }

  /** Whether the URL belongs to this host. */
  reads(url: URL): boolean {
    return url.host === this.#options.settings.host.toLowerCase();
  }

  async readUrl(
    url: string,
    options: UrlReaderServiceReadUrlOptions = {},
  ): Promise<UrlReaderServiceReadUrlResponse> {
    const target = this.#parse(url);
    if (!target.path) throw this.#unreadable(url, 'it names no file');
    const { host, settings } = this.#options;
    const { stream, etag, lastModifiedAt } = await this.#withToken(target, options, call => {
      const authorized = Object.keys(host.authorize(settings, call.token)).length > 0;
      return this.#fetch(host.file(target, settings, authorized), call, 'maxFileSize');
    });
    return ReadUrlResponseFactory.fromReadable(stream, { etag, lastModifiedAt });
  }

  async readTree(
    url: string,
    options: UrlReaderServiceReadTreeOptions = {},
  ): Promise<UrlReaderServiceReadTreeResponse> {
    return this.#readTree(this.#parse(url), url, options);
  }

  async search(
    url: string,
    options: UrlReaderServiceSearchOptions = {},
  ): Promise<UrlReaderServiceSearchResponse> {
    const target = this.#parse(url);
    if (!hasGlob(target.path)) return searchOne(url, () => this.readUrl(url, options));

    const { directory, matches } = await prepareGlob(target.path);
    const tree = await this.#readTree({ ...target, path: directory }, url, { ...options, filter: matches });
    const files = await tree.files();
    return {
      etag: tree.etag,
      files: files.map(({ path, content, lastModifiedAt }) => ({
        url: sibling(url, target.path, directory ? `${directory}/${path}` : path),
        content,
        lastModifiedAt,
      })),
    };
  }

  toString(): string {
    const { type, settings } = this.#options;
    const { host, token, password, apps, client } = settings;
    return `${type}{host=${host},authed=${Boolean(token ?? password ?? apps[0] ?? client)}}`;
  }

  async #readTree(
    target: GitTarget,
    url: string,
    options: UrlReaderServiceReadTreeOptions,
  ): Promise<UrlReaderServiceReadTreeResponse> {
    const { host, settings, treeResponseFactory } = this.#options;
    const { etag, filter, ...given } = options;
    const { commit, stream } = await this.#withToken(target, given, async call => {
      const current = await host.commit(target, settings, apiUrl => this.#getJson(apiUrl, call));
      if (current === etag)
        throw new NotModifiedError(`${describeUrl(new URL(url))} has not changed since commit ${current}`);
      const archive = host.archive(target, current, settings);
      return { commit: current, ...(await this.#fetch(archive, call, 'maxArchiveSize')) };
    });
    return treeResponseFactory.fromTarArchive({
      stream,
      etag: commit,
      filter,
      subpath: target.path,
      stripFirstDirectory: host.archiveHasRoot,
    });
  }

  async #withToken<T>(
    { repository }: GitTarget,
    given: UrlReaderServiceReadUrlOptions,
    read: (call: UrlReaderServiceReadUrlOptions) => Promise<T>,
  ): Promise<T> {
    const { tokens } = this.#options;
    const token = given.token ?? (await tokens?.tokenFor(repository));
    try {
      return await read({ ...given, token });
    } catch (error) {
      // A reason to abort may be anything.
      const refused = (error as Partial<UrlNotAllowedError> | null)?.upstreamStatus === 401;
      if (!refused || token === undefined || token === given.token) throw error;
      tokens?.refuse?.(repository, token);
      const another = await tokens?.tokenFor(repository);
      if (another === token) throw error;
      return read({ ...given, token: another });
    }
  }

  async #getJson(url: string, call: UrlReaderServiceReadUrlOptions): Promise<unknown> {
    const request = { url, headers: { accept: 'application/json' } };
    const { stream } = await this.#fetch(request, call, 'maxFileSize');
    const content = await readAll(stream);
    try {
      return JSON.parse(content.toString('utf8'));
    } catch {
      throw new InputError(
        `${describeUrl(new URL(url))} answered with something that is not JSON. Check apiBaseUrl of ${this.#configKey()}.`,
      );
    }
  }

  #fetch(
    request: GitHostRequest,
    call: UrlReaderServiceReadUrlOptions,
    maxSize: FetchUrlOptions['maxSize'],
  ): Promise<FetchedUrl> {
    const { host, settings, limits, allowList } = this.#options;
    const { token, ...conditions } = call;
    return fetchUrl(new URL(request.url), {
      ...conditions,
      headers: { ...request.headers, ...host.authorize(settings, token) },
      limits,
      maxSize,
      mayRedirectTo: next => this.#ownHosts.has(next.host) || allowList.allows(next),
      credentialsHint: `If it is not public, give credentials that may read it, in ${this.#configKey()}.`,
    });
  }

  #parse(url: string): GitTarget {
    const { host, settings } = this.#options;
    const target = host.parse(new URL(url), settings);
    if (!target)
      throw this.#unreadable(url, 'it is not of the form that its host has for files and directories');
    return target;
  }

  #unreadable(url: string, problem: string): InputError {
    const { type } = this.#options;
    return new InputError(
      `${describeUrl(new URL(url))} can't be read from ${type}: ${problem}. Copy the address of the file or directory from the browser.`,
    );
  }

  #configKey(): string {
    const { type, settings } = this.#options;
    return `integrations.${type} for ${settings.host}`;
  }
}

/** The URL of another file in the same view. What precedes the path, and the query, stay the same. */
function sibling(url: string, path: string, otherPath: string): string {
  const result = new URL(url);
  const segments = result.pathname.split('/').filter(Boolean);
  // Not by the number of segments, because slashes of the path may be escaped.
  const begin = segments.findIndex((_, at) => decodeURIComponent(segments.slice(at).join('/')) === path);
  result.pathname = `/${[...segments.slice(0, begin), encodePath(otherPath)].join('/')}`;
  return result.href;
}
