// The answer of readTree from an archive: as files in memory, as another archive, or written to disk.
import type {
  UrlReaderServiceReadTreeResponse,
  UrlReaderServiceReadTreeResponseDirOptions,
  UrlReaderServiceReadTreeResponseFile,
} from '@greenroom/backend-plugin-api';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { ArchiveInvalidError } from '../urlReaderErrors';
import type { ArchiveEntry } from './ArchiveEntry';

/** Reads the archive when one of its methods is called. Each answer can be used once. */
export class ArchiveTreeResponse implements UrlReaderServiceReadTreeResponse {
  readonly etag: string;
  readonly #workingDirectory: string;
  #entries: AsyncGenerator<ArchiveEntry> | undefined;

  constructor(options: { etag: string; entries: AsyncGenerator<ArchiveEntry>; workingDirectory: string }) {
    this.etag = options.etag;
    this.#entries = options.entries;
    this.#workingDirectory = options.workingDirectory;
  }

  /** The files, their content in memory. */
  async files(): Promise<UrlReaderServiceReadTreeResponseFile[]> {
    const files: UrlReaderServiceReadTreeResponseFile[] = [];
    for await (const { path, content, lastModifiedAt } of this.#take()) {
      const chunks: Buffer[] = [];
      for await (const chunk of content) chunks.push(chunk as Buffer);
      const buffer = Buffer.concat(chunks);
      files.push({ path, content: async () => buffer, lastModifiedAt });
    }
    return files;
  }

  /** The files as a tar archive compressed with gzip. An error of the source destroys the stream. */
  async archive(): Promise<NodeJS.ReadableStream> {
    const entries = this.#take();
    const { pack } = await import('tar-stream');
    const archive = pack();
    const output = new PassThrough();
    const write = async () => {
      for await (const { path, size, executable, lastModifiedAt, content } of entries) {
        const header = { name: path, size, mode: executable ? 0o755 : 0o644, mtime: lastModifiedAt };
        const entry = archive.entry(header);
        await pipeline(content, entry as unknown as NodeJS.WritableStream);
      }
      archive.finalize();
    };
    // The first error ends all parts; what uses the output is told by it.
    write().catch(error => archive.destroy(error as Error));
    pipeline(Readable.from(archive, { objectMode: false }), createGzip(), output).catch(() =>
      archive.destroy(),
    );
    return output;
  }

  /** Writes the files into `targetDir`, or a new directory below the working directory, and gives its path. */
  async dir(options?: UrlReaderServiceReadTreeResponseDirOptions): Promise<string> {
    const entries = this.#take();
    const target = options?.targetDir ?? (await mkdtemp(join(this.#workingDirectory, 'greenroom-tree-')));
    try {
      const made = new Set<string>();
      for await (const { path, executable, content } of entries) {
        const file = join(target, path);
        const parent = dirname(file);
        if (!made.has(parent)) {
          await mkdir(parent, { recursive: true });
          made.add(parent);
        }
        await pipeline(content, createWriteStream(file, { mode: executable ? 0o755 : 0o644 }));
      }
    } catch (error) {
      await entries.return(undefined);
      if (!options?.targetDir) await rm(target, { recursive: true, force: true });
      throw contradicts(error)
        ? new ArchiveInvalidError('it has a file and a directory of one name', error)
        : error;
    }
    return target;
  }

  #take(): AsyncGenerator<ArchiveEntry> {
    const entries = this.#entries;
    this.#entries = undefined;
    if (!entries) {
      throw new Error('The tree has been read already; call one of files(), archive() and dir(), once');
    }
    return entries;
  }
}

function contradicts(error: unknown): boolean {
  return ['EEXIST', 'EISDIR', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}
