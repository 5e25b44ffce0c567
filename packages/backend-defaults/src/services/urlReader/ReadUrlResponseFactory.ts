// Creates the responses of readUrl from what readers have.
import { NotFoundError, ResponseError } from '@backstage/errors';
import type { UrlReaderServiceReadUrlResponse } from '@greenroom/backend-plugin-api';
import { Readable } from 'node:stream';
import type { ReadableStream as WebReadableStream } from 'node:stream/web';

/** What is known about the content. */
export type ReadUrlResponseFactoryFromStreamOptions = {
  etag?: string;
  lastModifiedAt?: Date;
};

/** Creates responses of `readUrl`, for authors of readers. */
export const ReadUrlResponseFactory = {
  /** From a stream, which is read only once: `buffer()` may be called repeatedly, or else `stream()` once. */
  async fromReadable(
    stream: Readable,
    options: ReadUrlResponseFactoryFromStreamOptions = {},
  ): Promise<UrlReaderServiceReadUrlResponse> {
    let content: Promise<Buffer> | undefined;
    return {
      buffer: () => (content ??= readAll(stream)),
      stream() {
        if (content)
          throw new Error('The content is read as a buffer already; call either buffer() or stream()');
        content = Promise.reject(
          new Error('The content is read as a stream already; call either buffer() or stream()'),
        );
        content.catch(() => {});
        return stream;
      },
      etag: options.etag,
      lastModifiedAt: options.lastModifiedAt,
    };
  },

  /** From a stream with the older interface. */
  async fromNodeJSReadable(
    oldStyleStream: NodeJS.ReadableStream,
    options?: ReadUrlResponseFactoryFromStreamOptions,
  ): Promise<UrlReaderServiceReadUrlResponse> {
    return ReadUrlResponseFactory.fromReadable(Readable.from(oldStyleStream, { objectMode: false }), options);
  },

  /**
   * From a response of `fetch`, with its `ETag` and `Last-Modified`.
   *
   * @throws ResponseError if its status is not a success, NotFoundError if it has no body.
   */
  async fromResponse(response: Response): Promise<UrlReaderServiceReadUrlResponse> {
    if (!response.ok) throw await ResponseError.fromResponse(response);
    if (!response.body) throw new NotFoundError(`${response.url || 'The URL'} answered without a body`);
    const stream = Readable.fromWeb(response.body as WebReadableStream);
    return ReadUrlResponseFactory.fromReadable(stream, versionOf(response.headers));
  },
};

/** The `ETag` and `Last-Modified` of a response. */
export function versionOf(headers: Headers): ReadUrlResponseFactoryFromStreamOptions {
  const lastModified = Date.parse(headers.get('last-modified') ?? '');
  return {
    etag: headers.get('etag') ?? undefined,
    lastModifiedAt: Number.isNaN(lastModified) ? undefined : new Date(lastModified),
  };
}

/** Reads the whole content into memory. */
export async function readAll(content: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}
