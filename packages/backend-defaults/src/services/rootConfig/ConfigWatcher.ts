// Watches the files of a configuration and loads it anew when one of them changes.
import { type FSWatcher, realpathSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadConfig, type LoadedConfig } from './loadConfig';
import type { ReloadableConfig } from './ReloadableConfig';

/** What a {@link ConfigWatcher} tells. */
export interface ConfigWatcherOptions {
  /** Called with new content before it is in force and subscribers see it, so that its secrets can be masked. */
  beforeReload?(loaded: LoadedConfig): void;
  /** Called after new content is in force. */
  onReload?(): void;
  /** Called when the files cannot be loaded or watched, or a subscriber fails; the last good content stays. */
  onError(error: Error): void;
  /** Milliseconds of quiet that a change waits for; default 100. Editors write a file in several steps. */
  debounceMs?: number;
}

/**
 * Keeps a configuration up to date with its files until it is closed. Never keeps the process alive.
 *
 * @public
 */
export class ConfigWatcher {
  readonly #config: ReloadableConfig;
  readonly #options: ConfigWatcherOptions;
  readonly #watchers = new Map<string, FSWatcher>();
  #names = new Set<string>();
  #timer?: NodeJS.Timeout;
  #loading = false;
  #changedWhileLoading = false;
  #closed = false;

  constructor(config: ReloadableConfig, options: ConfigWatcherOptions) {
    this.#config = config;
    this.#options = options;
    this.#watch(config.loaded.files);
  }

  /** Stops watching; a load under way has no effect any more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  // Directories, because a file that an editor or a deployment replaces is another file to the system.
  #watch(files: Iterable<string>): void {
    const directories = new Set<string>();
    this.#names = new Set();
    for (const file of files) {
      for (const path of [file, targetOf(file)]) {
        directories.add(dirname(path));
        this.#names.add(basename(path));
      }
    }
    for (const [directory, watcher] of this.#watchers) {
      if (directories.has(directory)) continue;
      watcher.close();
      this.#watchers.delete(directory);
    }
    for (const directory of directories) {
      if (!this.#watchers.has(directory)) this.#watchDirectory(directory);
    }
  }

  #watchDirectory(directory: string): void {
    try {
      const watcher = watch(directory, { persistent: false }, (_event, name) => {
        // Kubernetes swaps a link called `..data`, and no event names the mounted files themselves.
        if (name === null || name.startsWith('..') || this.#names.has(name)) this.#changed();
      });
      watcher.on('error', error => {
        watcher.close();
        this.#watchers.delete(directory);
        this.#options.onError(error);
      });
      this.#watchers.set(directory, watcher);
    } catch (error) {
      this.#options.onError(error as Error);
    }
  }

  #changed(): void {
    if (this.#closed) return;
    if (this.#loading) {
      this.#changedWhileLoading = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#reload(), this.#options.debounceMs ?? 100).unref();
  }

  async #reload(): Promise<void> {
    this.#loading = true;
    try {
      const loaded = await loadConfig(this.#config.origin);
      if (!this.#closed) this.#apply(loaded);
    } catch (error) {
      if (!this.#closed) this.#options.onError(error as Error);
    }
    this.#loading = false;
    if (this.#changedWhileLoading) {
      this.#changedWhileLoading = false;
      this.#changed();
    }
  }

  #apply(loaded: LoadedConfig): void {
    this.#watch(loaded.files);
    if (isDeepStrictEqual(loaded.sources, this.#config.loaded.sources)) return;
    this.#options.beforeReload?.(loaded);
    for (const error of this.#config.replace(loaded)) this.#options.onError(error as Error);
    this.#options.onReload?.();
  }
}

function targetOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
