// Yields the files of a tar archive one by one, decompressed if it is gzipped.
import { Readable, Transform, type TransformCallback } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ArchiveInvalidError, UrlTooLargeError } from '../urlReaderErrors';
import {
  selectEntry,
  tooLarge,
  tooMany,
  type ArchiveEntry,
  type EntrySelection,
  type TreeLimits,
} from './ArchiveEntry';

/** Leaves out links, devices and directories: only files are ever written. */
export async function* readTar(
  stream: Readable,
  selection: EntrySelection,
  limits: TreeLimits,
): AsyncGenerator<ArchiveEntry> {
  const { createTarDecoder } = await import('modern-tar');
  const unpacked = await unzipped(stream);
  const tar = unpacked.pipe(new SizeLimit(limits));
  const source: Source = {};
  unpacked.on('error', error => {
    source.error = error;
    tar.destroy(error);
  });
  // Strict, so that a truncated archive is not taken for a small one.
  const entries = Readable.toWeb(tar).pipeThrough(createTarDecoder({ strict: true }));

  let count = 0;
  try {
    for await (const { header, body } of inWords(entries, source)) {
      if (++count > limits.maxTreeEntries) throw tooMany(limits);
      const { name, size, mode = 0, mtime: lastModifiedAt } = header;
      const path = header.type === 'file' ? selectEntry(name, size, selection) : undefined;
      if (path !== undefined) {
        const executable = (mode & 0o100) !== 0;
        yield { path, size, executable, lastModifiedAt, content: inWords(body, source) };
      }
      // Skips what nobody has read of it; otherwise the next one would not arrive.
      await body.cancel();
    }
  } finally {
    for (const part of [stream, unpacked, tar]) part.destroy();
  }
}

interface Source {
  error?: NodeJS.ErrnoException;
}

/** Yields what `parsed` does. Its errors mean that the archive is damaged, unless they come from the source or a limit. */
async function* inWords<T>(parsed: AsyncIterable<T>, source: Source): AsyncGenerator<T> {
  try {
    yield* parsed;
  } catch (error) {
    const isOfSource = error === source.error && !source.error?.code?.startsWith('Z_');
    if (isOfSource || error instanceof UrlTooLargeError) throw error;
    throw new ArchiveInvalidError(`it is damaged: ${(error as Error).message}`, error);
  }
}

/** Looks at the first bytes instead of names or headers, which hosts get wrong. */
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

/** Stops an archive that unpacks to more than is allowed, whether its content is wanted or skipped. */
class SizeLimit extends Transform {
  #bytes = 0;

  constructor(readonly limits: TreeLimits) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.limits.maxTreeSize) done(null, chunk);
    else done(tooLarge('The unpacked archive', this.limits));
  }
}
