// Turns single files into entries as if they came from an archive, with the same checks.
import { Readable } from 'node:stream';
import { selectEntry, tooLarge, type ArchiveEntry, type TreeLimits } from './ArchiveEntry';

/** Single files. */
export type FromReadableArrayOptions = Array<{
  data: Readable;
  path: string;
  lastModifiedAt?: Date;
}>;

/** A file is read into memory when its turn comes, because an entry needs its size before its content. */
export async function* readFiles(
  files: FromReadableArrayOptions,
  limits: Pick<TreeLimits, 'maxTreeSize'>,
): AsyncGenerator<ArchiveEntry> {
  let bytes = 0;
  try {
    for (const { data, path: name, lastModifiedAt } of files) {
      const path = selectEntry(name, 0, { stripFirstDirectory: false });
      if (path === undefined) continue;
      const chunks: Buffer[] = [];
      for await (const chunk of data) {
        const piece = Buffer.from(chunk as Buffer | string);
        bytes += piece.length;
        if (bytes > limits.maxTreeSize) throw tooLarge('The tree', limits);
        chunks.push(piece);
      }
      const buffer = Buffer.concat(chunks);
      const content = Readable.from([buffer], { objectMode: false });
      yield { path, size: buffer.length, executable: false, lastModifiedAt, content };
    }
  } finally {
    for (const { data } of files) data.destroy();
  }
}
