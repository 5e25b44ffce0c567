// A file system of a few megabytes that tests fill to the last byte, so that what is out of space really is.
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Takes the right to mount. */
export class SmallDisk {
  readonly directory: string;

  static canMount(): boolean {
    try {
      const { directory } = SmallDisk.mount(1);
      run('umount', [directory]);
      rmdirSync(directory);
      return true;
    } catch {
      return false;
    }
  }

  static mount(megabytes: number): SmallDisk {
    const directory = mkdtempSync(join(tmpdir(), 'greenroom-disk-'));
    try {
      run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory]);
    } catch (error) {
      rmdirSync(directory);
      throw error;
    }
    return new SmallDisk(directory);
  }

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** Leaves no byte. */
  fill(): void {
    const file = openSync(this.#ballast, 'a');
    try {
      // A page at a time in the end, which is what a file system gives out.
      for (const size of [65_536, 4_096]) writeUntilFull(file, Buffer.alloc(size));
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  /** Takes no writes from then on; no file may be open for writing. */
  protect(): void {
    run('mount', ['-o', 'remount,ro', this.directory]);
  }

  /** Rejects where files on it are still open after five seconds, with their names. */
  async remove(): Promise<void> {
    const giveUpAt = Date.now() + 5_000;
    for (;;) {
      try {
        run('umount', [this.directory]);
        break;
      } catch (cause) {
        if (Date.now() > giveUpAt) throw new Error(`Still open: ${this.#openFiles().join(', ')}`, { cause });
        await sleep(50);
      }
    }
    rmdirSync(this.directory);
  }

  #openFiles(): string[] {
    return readdirSync('/proc/self/fd')
      .flatMap(fd => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`);
        } catch {
          return [];
        }
      })
      .filter(file => file.startsWith(this.directory));
  }

  get #ballast(): string {
    return join(this.directory, 'ballast');
  }
}

function writeUntilFull(file: number, bytes: Buffer): void {
  for (;;) {
    try {
      writeSync(file, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
      throw error;
    }
  }
}

function run(command: string, args: string[]): void {
  execFileSync(command, args, { stdio: 'pipe' });
}
