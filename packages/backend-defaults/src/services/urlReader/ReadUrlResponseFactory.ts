// Makes the answers of readUrl from what readers have.
import { NotFoundError, ResponseError } from '@backstage/errors';
import type { UrlReaderServiceReadUrlResponse } from '@greenroom/backend-plugin-api';
import { Readable } from 'node:stream';
import type { ReadableStream as WebReadableStream } from 'node:stream/web';

/** What is known of the content beside itself. */
export type ReadUrlResponseFactoryFromStreamOptions = {
  etag?: string;
  lastModifiedAt?: Date;
};

/** Makes answers of `readUrl`: for those who write readers. */
export const ReadUrlResponseFactory = {
  /** From a stream. Its content is read once: `buffer()` may be called again and again, `stream()` once, and not before. */
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

  /** From a stream of an older interface. */
  async fromNodeJSReadable(
    oldStyleStream: NodeJS.ReadableStream,
    options?: ReadUrlResponseFactoryFromStreamOptions,
  ): Promise<UrlReaderServiceReadUrlResponse> {
    return ReadUrlResponseFactory.fromReadable(Readable.from(oldStyleStream, { objectMode: false }), options);
  },

  /**
   * From an answer of `fetch`, with its `ETag` and `Last-Modified`.
   *
   * @throws ResponseError if its status is not one of success, NotFoundError if it has no body.
   */
  async fromResponse(response: Response): Promise<UrlReaderServiceReadUrlResponse> {
    if (!response.ok) throw await ResponseError.fromResponse(response);
    if (!response.body) throw new NotFoundError(`${response.url || 'The URL'} answered without a body`);
    const lastModified = Date.parse(response.headers.get('last-modified') ?? '');
    return ReadUrlResponseFactory.fromReadable(Readable.fromWeb(response.body as WebReadableStream), {
      etag: response.headers.get('etag') ?? undefined,
      lastModifiedAt: Number.isNaN(lastModified) ? undefined : new Date(lastModified),
    });
  },
};

/** The whole content in memory. */
export async function readAll(content: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}
