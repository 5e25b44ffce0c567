// Writes the files of an archive into a directory, several small ones in parallel.
import { constants } from 'node:fs';
import { lstat, mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readAll } from '../ReadUrlResponseFactory';
import { ArchiveInvalidError } from '../urlReaderErrors';
import type { ArchiveEntry } from './ArchiveEntry';

// Most files of a repository are small, and a disk takes many at once; more in flight gain nothing.
const smallFile = 256 * 1024;
const maxWrites = 16;
// Windows has no O_NOFOLLOW.
const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW = 0 } = constants;
const flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW;

/**
 * An archive arrives piece by piece, but need not wait for the disk after each. Links that already exist in the
 * directory are not followed, because they may lead anywhere.
 */
export class FileWriter {
  readonly #target: string;
  readonly #directories = new Map<string, Promise<void>>();
  readonly #writes = new Set<Promise<void>>();
  readonly #names = new Set<string>();
  #failure: { error: unknown } | undefined;

  /** @param target - an existing directory */
  constructor(target: string) {
    this.#target = resolve(target);
    this.#directories.set(this.#target, Promise.resolve());
  }

  /** Consumes the content. Rejects if this or an earlier file can't be written. */
  async write(entry: ArchiveEntry): Promise<void> {
    // If two entries have the same path the later one counts, so it must be written later. On most laptops, paths in
    // upper and lower case are the same, and so are those of composed and decomposed characters.
    const name = entry.path.normalize().toLowerCase();
    if (this.#names.has(name)) await this.finish();
    this.#names.add(name);
    const file = join(this.#target, entry.path);
    const mode = entry.executable ? 0o755 : 0o644;
    if (entry.size > smallFile) {
      await this.#written(file, async () =>
        pipeline(entry.content, (await open(file, flags, mode)).createWriteStream()),
      );
    } else {
      const content = await readAll(entry.content);
      const write: Promise<void> = this.#written(file, () => writeFile(file, content, { mode, flag: flags }))
        .catch(error => void (this.#failure ??= { error }))
        .then(() => void this.#writes.delete(write));
      this.#writes.add(write);
      if (this.#writes.size >= maxWrites) await Promise.race(this.#writes);
    }
    if (this.#failure) throw this.#failure.error;
  }

  /** Waits for all writes, and rejects if any of them failed. */
  async finish(): Promise<void> {
    await Promise.all(this.#writes);
    if (this.#failure) throw this.#failure.error;
  }

  async #written(file: string, write: () => Promise<void>): Promise<void> {
    try {
      await this.#makeDirectory(dirname(file));
      await write();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ELOOP') throw this.#throughLink(file);
      const contradicts = ['EEXIST', 'EISDIR', 'ENOTDIR'].includes(code ?? '');
      throw contradicts ? new ArchiveInvalidError('it has a file and a directory of one name', error) : error;
    }
  }

  #makeDirectory(directory: string): Promise<void> {
    let made = this.#directories.get(directory);
    if (!made) this.#directories.set(directory, (made = this.#makeBelowParent(directory)));
    return made;
  }

  /** One level at a time, so that no link goes unnoticed. */
  async #makeBelowParent(directory: string): Promise<void> {
    await this.#makeDirectory(dirname(directory));
    try {
      await mkdir(directory);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const found = await lstat(directory);
      if (found.isSymbolicLink()) throw this.#throughLink(directory);
      if (!found.isDirectory()) throw error;
    }
  }

  #throughLink(path: string): ArchiveInvalidError {
    const name = JSON.stringify(relative(this.#target, path));
    return new ArchiveInvalidError(`it would be written through the link ${name}, which was there before`);
  }
}
