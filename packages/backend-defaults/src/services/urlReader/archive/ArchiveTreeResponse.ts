// The response of readTree from an archive: files in memory, another archive, or files written to disk.
import type {
  UrlReaderServiceReadTreeResponse,
  UrlReaderServiceReadTreeResponseDirOptions,
  UrlReaderServiceReadTreeResponseFile,
} from '@greenroom/backend-plugin-api';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { readAll } from '../ReadUrlResponseFactory';
import type { ArchiveEntry } from './ArchiveEntry';
import { FileWriter } from './FileWriter';

/** Reads the archive when one of its methods is called. Only one call is possible. */
export class ArchiveTreeResponse implements UrlReaderServiceReadTreeResponse {
  readonly etag: string;
  readonly #workingDirectory: string;
  #entries: AsyncGenerator<ArchiveEntry> | undefined;

  constructor(options: { etag: string; entries: AsyncGenerator<ArchiveEntry>; workingDirectory: string }) {
    this.etag = options.etag;
    this.#entries = options.entries;
    this.#workingDirectory = options.workingDirectory;
  }

  /** The files, with their content in memory. */
  async files(): Promise<UrlReaderServiceReadTreeResponseFile[]> {
    const files: UrlReaderServiceReadTreeResponseFile[] = [];
    for await (const entry of this.#take()) {
      const buffer = await readAll(entry.content);
      files.push({ path: entry.path, content: async () => buffer, lastModifiedAt: entry.lastModifiedAt });
    }
    return files;
  }

  /** The files as a gzipped tar archive. An error of the source destroys the stream. */
  async archive(): Promise<NodeJS.ReadableStream> {
    const entries = this.#take();
    const { createTarPacker } = await import('modern-tar');
    const { readable, controller } = createTarPacker();
    const output = new PassThrough();
    const write = async () => {
      for await (const { path, size, executable, lastModifiedAt, content } of entries) {
        const header = { name: path, size, mode: executable ? 0o755 : 0o644, mtime: lastModifiedAt };
        await pipeline(content, Writable.fromWeb(controller.add(header)));
      }
      controller.finalize();
    };
    // The first error ends all parts, and reaches whoever uses the output.
    write().catch(error => controller.error(error));
    pipeline(Readable.fromWeb(readable), createGzip(), output).catch(() => {});
    return output;
  }

  /** Writes the files into `targetDir`, or into a new directory below the working directory, and returns its path. */
  async dir(options?: UrlReaderServiceReadTreeResponseDirOptions): Promise<string> {
    const entries = this.#take();
    const target = options?.targetDir ?? (await mkdtemp(join(this.#workingDirectory, 'greenroom-tree-')));
    // Even if the tree turns out to be empty, so that the returned directory exists.
    if (options?.targetDir) await mkdir(target, { recursive: true });
    const writer = new FileWriter(target);
    try {
      for await (const entry of entries) await writer.write(entry);
      await writer.finish();
    } catch (error) {
      // Nothing may still be written after the removal.
      await writer.finish().catch(() => {});
      if (!options?.targetDir) await rm(target, { recursive: true, force: true });
      throw error;
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
