// The interface for reading from URLs.
import type { Readable } from 'node:stream';

/** Options of {@link UrlReaderService.readUrl}. */
export type UrlReaderServiceReadUrlOptions = {
  /** The `etag` of an earlier response. If nothing has changed since, NotModifiedError is thrown. */
  etag?: string;
  /** The `lastModifiedAt` of an earlier response. If nothing has changed since, NotModifiedError is thrown. */
  lastModifiedAfter?: Date;
  /** Aborts the request, if the reader supports it. */
  signal?: AbortSignal;
  /** Used instead of the configured credentials. */
  token?: string;
};

/** Result of {@link UrlReaderService.readUrl}. */
export type UrlReaderServiceReadUrlResponse = {
  /** The content. */
  buffer(): Promise<Buffer>;
  /** The content as a stream, if the reader supports it. Call either this, once, or `buffer`. */
  stream?(): Readable;
  /** Identifies the content. Pass it to the next call. */
  etag?: string;
  /** When the content was last changed. */
  lastModifiedAt?: Date;
};

/** Options of {@link UrlReaderService.readTree}. */
export type UrlReaderServiceReadTreeOptions = {
  /** Selects files by their path below the URL, without a leading slash. `size` is in bytes. Defaults to all files. */
  filter?(path: string, info?: { size: number }): boolean;
  /** The `etag` of an earlier response. If nothing has changed since, NotModifiedError is thrown. */
  etag?: string;
  /** Aborts the request, if the reader supports it. */
  signal?: AbortSignal;
  /** Used instead of the configured credentials. */
  token?: string;
};

/** Options of {@link UrlReaderServiceReadTreeResponse.dir}. */
export type UrlReaderServiceReadTreeResponseDirOptions = {
  /**
   * Where to write; created if it does not exist. By default a new directory is created, below
   * `backend.workingDirectory` or the directory for temporary files.
   */
  targetDir?: string;
};

/** Result of {@link UrlReaderService.readTree}. Call only one of `files`, `archive` and `dir`, and only once. */
export type UrlReaderServiceReadTreeResponse = {
  /** Returns the files, to be read one by one. */
  files(): Promise<UrlReaderServiceReadTreeResponseFile[]>;
  /** Returns the files as an archive, a gzipped tar. */
  archive(): Promise<NodeJS.ReadableStream>;
  /** Writes the files to a directory and returns its path. The caller removes it. */
  dir(options?: UrlReaderServiceReadTreeResponseDirOptions): Promise<string>;
  /** Identifies the state of the tree, such as a commit. Pass it to the next call. */
  etag: string;
};

/** A file of a tree. */
export type UrlReaderServiceReadTreeResponseFile = {
  /** Path below the URL that was read. */
  path: string;
  /** The content. */
  content(): Promise<Buffer>;
  /** When the file was last changed. */
  lastModifiedAt?: Date;
};

/** Options of {@link UrlReaderService.search}. */
export type UrlReaderServiceSearchOptions = {
  /** The `etag` of an earlier response. If nothing has changed since, NotModifiedError is thrown. */
  etag?: string;
  /** Aborts the request, if the reader supports it. */
  signal?: AbortSignal;
  /** Used instead of the configured credentials. */
  token?: string;
};

/** Result of {@link UrlReaderService.search}. */
export type UrlReaderServiceSearchResponse = {
  /** The files whose paths match. */
  files: UrlReaderServiceSearchResponseFile[];
  /** Identifies the state of the tree, such as a commit. Pass it to the next call. */
  etag: string;
};

/** A file that matched a search. */
export type UrlReaderServiceSearchResponseFile = {
  /** The full URL. */
  url: string;
  /** The content. */
  content(): Promise<Buffer>;
  /** When the file was last changed. */
  lastModifiedAt?: Date;
};

/**
 * Reads files from URLs that the operator has allowed, using the credentials configured for their host.
 *
 * @throws InputError for a URL of another form than its host has, NotImplementedError for the tree of a host that has
 * none, NotAllowedError if the URL is not allowed or the host refuses, NotFoundError if there is nothing,
 * NotModifiedError if nothing has changed, an error with code `GR_URL_READ` if the host does not answer, and with code
 * `GR_URL_TOO_LARGE` if there is more than the operator allows.
 */
export interface UrlReaderService {
  /** Reads one file. */
  readUrl(url: string, options?: UrlReaderServiceReadUrlOptions): Promise<UrlReaderServiceReadUrlResponse>;
  /** Reads a directory with everything below it. */
  readTree(url: string, options?: UrlReaderServiceReadTreeOptions): Promise<UrlReaderServiceReadTreeResponse>;
  /** Finds the files whose paths match the glob pattern in `url`. Without a pattern, finds the file if it exists. */
  search(url: string, options?: UrlReaderServiceSearchOptions): Promise<UrlReaderServiceSearchResponse>;
}
