// Gives the files of a tar archive one by one, unpacked if it is compressed with gzip.
import { Readable, Transform, type TransformCallback } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Headers } from 'tar-stream';
import type { UrlReaderLimits } from '../config';
import { ArchiveInvalidError, UrlTooLargeError } from '../urlReaderErrors';
import { selectEntry, type ArchiveEntry, type EntrySelection } from './ArchiveEntry';

/** Links, devices and directories are left out: only files are ever written. */
export async function* readTar(
  stream: Readable,
  selection: EntrySelection,
  limits: Pick<UrlReaderLimits, 'maxTreeSize' | 'maxTreeEntries'>,
): AsyncGenerator<ArchiveEntry> {
  const { extract } = await import('tar-stream');
  const unpacked = await unzipped(stream);
  const entries = extract();
  const limit = new SizeLimit(limits.maxTreeSize);
  // Not stream.pipeline: whichever part fails first has to reach the loop below with its own error.
  const parts = [unpacked, limit];
  for (const part of parts) part.on('error', error => entries.destroy(error));
  unpacked.pipe(limit).pipe(entries as unknown as NodeJS.WritableStream);

  let count = 0;
  try {
    for await (const entry of entries) {
      if (++count > limits.maxTreeEntries) {
        throw new UrlTooLargeError('The number of entries of the archive', {
          limit: String(limits.maxTreeEntries),
          key: 'backend.reading.maxTreeEntries',
        });
      }
      const { name, size = 0, mode = 0, mtime }: Headers = entry.header;
      const isFile = entry.header.type === 'file' || entry.header.type === 'contiguous-file';
      const path = isFile ? selectEntry(name, size, selection) : undefined;
      if (path === undefined) {
        entry.resume();
        continue;
      }
      const content: AsyncIterable<Uint8Array> = entry;
      yield { path, size, executable: (mode & 0o100) !== 0, lastModifiedAt: mtime, content };
      entry.resume();
    }
  } catch (error) {
    throw asArchiveError(error);
  } finally {
    for (const part of [stream, ...parts]) part.destroy();
  }
}

/** Errors that say what happened stay; those of the unpacking get words. */
export function asArchiveError(error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message?: string };
  const foreign = typeof code === 'string' && code.startsWith('Z_');
  const ofParser = /^(Invalid tar header|Unexpected end of data|Size is too)/.test(message ?? '');
  return foreign || ofParser ? new ArchiveInvalidError(`it is damaged: ${message}`, error) : error;
}

/** Looks at the first bytes rather than at names or headers, which hosts get wrong. */
async function unzipped(stream: Readable): Promise<Readable> {
  const pieces = stream[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await pieces.next();
    if (next.done) throw new ArchiveInvalidError('it is empty');
    head = Buffer.concat([head, next.value as Buffer]);
  }
  const whole = Readable.from(
    (async function* replay() {
      yield head;
      yield* { [Symbol.asyncIterator]: () => pieces };
    })(),
    { objectMode: false },
  );
  if (head[0] !== 0x1f || head[1] !== 0x8b) return whole;
  const gunzip = createGunzip();
  whole.on('error', error => gunzip.destroy(error));
  gunzip.on('close', () => whole.destroy());
  return whole.pipe(gunzip);
}

/** Ends what unpacks to more than is allowed, whether it is wanted or skipped. */
class SizeLimit extends Transform {
  #bytes = 0;

  constructor(readonly max: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.max) return done(null, chunk);
    done(
      new UrlTooLargeError('The unpacked archive', {
        limit: `${this.max} bytes`,
        key: 'backend.reading.maxTreeSize',
      }),
    );
  }
}
