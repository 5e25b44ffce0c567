// The interface for reading from URLs.
import type { Readable } from 'node:stream';

/** Options of {@link UrlReaderService.readUrl}. */
export type UrlReaderServiceReadUrlOptions = {
  /** The `etag` of an earlier response: if nothing has changed since, NotModifiedError is thrown. */
  etag?: string;
  /** The `lastModifiedAt` of an earlier response: if nothing has changed since, NotModifiedError is thrown. */
  lastModifiedAfter?: Date;
  /** Aborts the request, where the reader supports it. */
  signal?: AbortSignal;
  /** Used instead of the configured credentials. */
  token?: string;
};

/** What {@link UrlReaderService.readUrl} gives. */
export type UrlReaderServiceReadUrlResponse = {
  /** The content. */
  buffer(): Promise<Buffer>;
  /** The content as a stream, where the reader supports it. */
  stream?(): Readable;
  /** Identifies the content; pass it to the next call. */
  etag?: string;
  /** When the content changed last. */
  lastModifiedAt?: Date;
};

/** Options of {@link UrlReaderService.readTree}. */
export type UrlReaderServiceReadTreeOptions = {
  /** Which files to take, by their path below the URL, without a leading slash; `size` is in bytes. Defaults to all. */
  filter?(path: string, info?: { size: number }): boolean;
  /** The `etag` of an earlier response: if nothing has changed since, NotModifiedError is thrown. */
  etag?: string;
  /** Aborts the request, where the reader supports it. */
  signal?: AbortSignal;
  /** Used instead of the configured credentials. */
  token?: string;
};

/** Options of {@link UrlReaderServiceReadTreeResponse.dir}. */
export type UrlReaderServiceReadTreeResponseDirOptions = {
  /** Where to write. Defaults to `backend.workingDirectory`, else the directory for temporary files. */
  targetDir?: string;
};

/** What {@link UrlReaderService.readTree} gives. Use one of `files`, `archive` and `dir`. */
export type UrlReaderServiceReadTreeResponse = {
  /** The files, to be read one by one. */
  files(): Promise<UrlReaderServiceReadTreeResponseFile[]>;
  /** The files as an archive. */
  archive(): Promise<NodeJS.ReadableStream>;
  /** Writes the files into a directory and gives its path. The caller removes it. */
  dir(options?: UrlReaderServiceReadTreeResponseDirOptions): Promise<string>;
  /** Identifies the tree, such as a commit; pass it to the next call. */
  etag: string;
};

/** A file of a tree. */
export type UrlReaderServiceReadTreeResponseFile = {
  /** Below the URL that was read. */
  path: string;
  /** The content. */
  content(): Promise<Buffer>;
  /** When the file changed last. */
  lastModifiedAt?: Date;
};

/** Options of {@link UrlReaderService.search}. */
export type UrlReaderServiceSearchOptions = {
  /** The `etag` of an earlier response: if nothing has changed since, NotModifiedError is thrown. */
  etag?: string;
  /** Aborts the request, where the reader supports it. */
  signal?: AbortSignal;
  /** Used instead of the configured credentials. */
  token?: string;
};

/** What {@link UrlReaderService.search} gives. */
export type UrlReaderServiceSearchResponse = {
  /** The files whose path matches. */
  files: UrlReaderServiceSearchResponseFile[];
  /** Identifies the tree, such as a commit; pass it to the next call. */
  etag: string;
};

/** A file that matched a search. */
export type UrlReaderServiceSearchResponseFile = {
  /** The full URL. */
  url: string;
  /** The content. */
  content(): Promise<Buffer>;
  /** When the file changed last. */
  lastModifiedAt?: Date;
};

/** Reads files from URLs that the operator has allowed, with the credentials configured for their host. */
export interface UrlReaderService {
  /** Reads one file. */
  readUrl(url: string, options?: UrlReaderServiceReadUrlOptions): Promise<UrlReaderServiceReadUrlResponse>;
  /** Reads a directory with all that is below it. */
  readTree(url: string, options?: UrlReaderServiceReadTreeOptions): Promise<UrlReaderServiceReadTreeResponse>;
  /** Reads the files whose path matches the glob pattern in `url`. */
  search(url: string, options?: UrlReaderServiceSearchOptions): Promise<UrlReaderServiceSearchResponse>;
}
