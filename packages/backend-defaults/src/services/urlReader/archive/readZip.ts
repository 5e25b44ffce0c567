// Yields the files of a zip archive one by one.
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Entry, ZipFile } from 'yauzl';
import { ArchiveInvalidError } from '../urlReaderErrors';
import {
  selectEntry,
  tooLarge,
  tooMany,
  type ArchiveEntry,
  type EntrySelection,
  type TreeLimits,
} from './ArchiveEntry';

/**
 * Leaves out links and directories: only files are ever written. A zip archive has its table of contents at the end,
 * so it is kept in a file below `workingDirectory` while it is read.
 */
export async function* readZip(
  stream: Readable,
  selection: EntrySelection,
  { limits, workingDirectory }: { limits: TreeLimits; workingDirectory: string },
): AsyncGenerator<ArchiveEntry> {
  const { openPromise } = await import('yauzl');
  const directory = await mkdtemp(join(workingDirectory, 'greenroom-zip-'));
  let zip: ZipFile | undefined;
  try {
    const file = join(directory, 'archive.zip');
    await pipeline(stream, createWriteStream(file));
    zip = await inWords(openPromise(file));
    const entries = zip.eachEntry();
    let bytes = 0;
    for (let count = 1; ; count++) {
      const { value: entry, done } = await inWords(entries.next());
      if (done) return;
      if (count > limits.maxTreeEntries) throw tooMany(limits);
      const path = isFile(entry) ? selectEntry(entry.fileName, entry.uncompressedSize, selection) : undefined;
      if (path === undefined) continue;
      // The declared size is checked against the content while it is unpacked, so a wrong one does not get far.
      bytes += entry.uncompressedSize;
      if (bytes > limits.maxTreeSize) throw tooLarge('The unpacked archive', limits);
      const content = await inWords(zip.openReadStreamPromise(entry));
      yield {
        path,
        size: entry.uncompressedSize,
        executable: (unixMode(entry) & 0o100) !== 0,
        lastModifiedAt: entry.getLastModDate(),
        content,
      };
      content.destroy();
    }
  } finally {
    stream.destroy();
    zip?.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function inWords<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw new ArchiveInvalidError((error as Error).message, error);
  }
}

function unixMode(entry: Entry): number {
  return entry.externalFileAttributes >>> 16;
}

/** Archives made on other systems have a mode of 0. */
function isFile(entry: Entry): boolean {
  const kind = unixMode(entry) & 0o170000;
  return !entry.fileName.endsWith('/') && (kind === 0 || kind === 0o100000);
}
