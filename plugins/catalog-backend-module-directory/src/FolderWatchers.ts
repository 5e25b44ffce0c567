// Watches folders one by one, each without the folders in it.
import { type FSWatcher, statSync, watch, type WatchEventType } from 'node:fs';
import type { LoggerService } from '@greenroom/backend-plugin-api';

/** Is called with the folder and the name of the file or folder in it; the name may be unknown. */
export type ChangeListener = (event: WatchEventType, folder: string, name: string | null) => void;

/**
 * Node can watch a folder with everything in it, but on Linux it then misses links that lead somewhere else, and files that
 * are replaced for the second time.
 */
export class FolderWatchers {
  readonly #onChange: ChangeListener;
  readonly #logger: LoggerService;
  /** By what identifies a folder: one with the same path may have taken its place. */
  #current = new Map<string, FSWatcher>();
  #previous = new Map<string, FSWatcher>();
  #isClosed = false;
  #hasFailed = false;

  constructor(onChange: ChangeListener, logger: LoggerService) {
    this.#onChange = onChange;
    this.#logger = logger;
  }

  /** Begins to choose the folders anew. */
  begin(): void {
    this.#previous = new Map([...this.#previous, ...this.#current]);
    this.#current = new Map();
  }

  /** Watches a folder from now on. Does nothing if the folder no longer exists. */
  add(folder: string): void {
    if (this.#isClosed) return;
    try {
      const { dev, ino, birthtimeMs } = statSync(folder);
      const key = JSON.stringify([folder, dev, ino, birthtimeMs]);
      if (this.#current.has(key)) return;
      this.#current.set(key, this.#previous.get(key) ?? this.#open(folder));
      this.#previous.delete(key);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#fail(folder, error as Error);
    }
  }

  /** Stops watching the folders that have not been added since `begin`. */
  end(): void {
    for (const watcher of this.#previous.values()) watcher.close();
    this.#previous.clear();
  }

  close(): void {
    this.#isClosed = true;
    this.begin();
    this.end();
  }

  #open(folder: string): FSWatcher {
    const watcher = watch(folder, (event, name) => this.#onChange(event, folder, name));
    watcher.on('error', error => this.#fail(folder, error));
    return watcher;
  }

  /** Usually the limit of the operating system, which then applies to all further folders. */
  #fail(folder: string, error: Error): void {
    const message = `The folder ${folder} can't be watched: changes in it are noticed with the next change elsewhere, or after a restart`;
    if (this.#hasFailed) this.#logger.debug(message, error);
    else this.#logger.warn(message, error);
    this.#hasFailed = true;
  }
}
