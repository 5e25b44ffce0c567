// Writes the files of an archive into a directory, several small ones at the same time.
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ArchiveInvalidError } from '../urlReaderErrors';
import { contentOf, type ArchiveEntry } from './ArchiveEntry';

// Most files of a repository are small, and a disk takes many at once; more in flight gains nothing.
const smallFile = 256 * 1024;
const maxWrites = 16;

/** An archive comes in one piece after the other, but the disk need not be waited for after each. */
export class FileWriter {
  readonly #target: string;
  readonly #directories = new Map<string, Promise<unknown>>();
  readonly #writes = new Set<Promise<void>>();
  readonly #paths = new Set<string>();
  #failure: { error: unknown } | undefined;

  constructor(target: string) {
    this.#target = target;
  }

  /** Takes over the content; rejects if this or an earlier file can't be written. */
  async write(entry: ArchiveEntry): Promise<void> {
    // Of two entries of one name the later one counts, so it has to be written later.
    if (this.#paths.has(entry.path)) await this.finish();
    this.#paths.add(entry.path);
    const file = join(this.#target, entry.path);
    const mode = entry.executable ? 0o755 : 0o644;
    if (entry.size > smallFile) {
      await this.#written(file, () => pipeline(entry.content, createWriteStream(file, { mode })));
    } else {
      const content = await contentOf(entry);
      const write: Promise<void> = this.#written(file, () => writeFile(file, content, { mode }))
        .catch(error => void (this.#failure ??= { error }))
        .then(() => void this.#writes.delete(write));
      this.#writes.add(write);
      if (this.#writes.size >= maxWrites) await Promise.race(this.#writes);
    }
    if (this.#failure) throw this.#failure.error;
  }

  /** Waits for all that was begun, and rejects if any of it failed. */
  async finish(): Promise<void> {
    await this.settled();
    if (this.#failure) throw this.#failure.error;
  }

  /** Waits for all that was begun, whatever comes of it. */
  async settled(): Promise<void> {
    await Promise.all(this.#writes);
  }

  async #written(file: string, write: () => Promise<void>): Promise<void> {
    const directory = dirname(file);
    let made = this.#directories.get(directory);
    if (!made) this.#directories.set(directory, (made = mkdir(directory, { recursive: true })));
    try {
      await made;
      await write();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const contradicts = ['EEXIST', 'EISDIR', 'ENOTDIR'].includes(code ?? '');
      throw contradicts ? new ArchiveInvalidError('it has a file and a directory of one name', error) : error;
    }
  }
}
