// Creates the responses of readTree from what readers have. Passed to every reader factory.
import type { UrlReaderServiceReadTreeResponse } from '@greenroom/backend-plugin-api';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import type { ReadableStream as WebReadableStream } from 'node:stream/web';
import type { ArchiveEntry } from './archive/ArchiveEntry';
import { ArchiveTreeResponse } from './archive/ArchiveTreeResponse';
import { type FromReadableArrayOptions, readFiles } from './archive/readFiles';
import { readTar } from './archive/readTar';
import { readZip } from './archive/readZip';
import type { UrlReaderLimits } from './config';

/** An archive, and which part of it is wanted. */
export type ReadTreeResponseFactoryOptions = {
  /** The directory to read, without the name of the top-level directory. Default: everything. */
  subpath?: string;
  /** Selects files by their path below `subpath`. Default: all. */
  filter?: (path: string, info?: { size: number }) => boolean;
} & (
  | { stream: Readable; etag: string }
  | {
      /** The response of `fetch`. */
      response: Response;
      /** Used instead of the `ETag` header of the response. */
      etag?: string;
    }
);

/** Creates responses of `readTree`, for authors of readers. */
export interface ReadTreeResponseFactory {
  /** From a tar archive, gzipped or not. `stripFirstDirectory` defaults to true. */
  fromTarArchive(
    options: ReadTreeResponseFactoryOptions & { stripFirstDirectory?: boolean },
  ): Promise<UrlReaderServiceReadTreeResponse>;
  /** From a zip archive. */
  fromZipArchive(options: ReadTreeResponseFactoryOptions): Promise<UrlReaderServiceReadTreeResponse>;
  /** From single files. */
  fromReadableArray(options: FromReadableArrayOptions): Promise<UrlReaderServiceReadTreeResponse>;
}

/** Options of {@link createReadTreeResponseFactory}. */
export interface ReadTreeResponseFactorySettings {
  limits: Pick<UrlReaderLimits, 'maxTreeSize' | 'maxTreeEntries'>;
  /** Default: the directory for temporary files. */
  workingDirectory?: string;
}

/** Rejects archives that lead out of their directory or exceed the limits. Leaves out links. */
export function createReadTreeResponseFactory(
  settings: ReadTreeResponseFactorySettings,
): ReadTreeResponseFactory {
  const { limits, workingDirectory = tmpdir() } = settings;
  const respond = (etag: string, entries: AsyncGenerator<ArchiveEntry>) =>
    new ArchiveTreeResponse({ etag, entries, workingDirectory });
  return {
    async fromTarArchive({ stripFirstDirectory = true, ...options }) {
      const { stream, etag } = source(options);
      return respond(etag, readTar(stream, { ...options, stripFirstDirectory }, limits));
    },
    async fromZipArchive(options) {
      const { stream, etag } = source(options);
      const selection = { ...options, stripFirstDirectory: false };
      return respond(etag, readZip(stream, selection, { limits, workingDirectory }));
    },
    async fromReadableArray(files) {
      return respond('', readFiles(files, limits));
    },
  };
}

function source(options: ReadTreeResponseFactoryOptions): { stream: Readable; etag: string } {
  if ('stream' in options) return options;
  const { response, etag } = options;
  if (!response.body)
    throw new Error(`${response.url || 'The URL'} answered without a body, where an archive was expected`);
  return {
    stream: Readable.fromWeb(response.body as WebReadableStream),
    etag: etag ?? response.headers.get('etag') ?? '',
  };
}
