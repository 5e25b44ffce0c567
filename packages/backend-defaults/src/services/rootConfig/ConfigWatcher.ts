// Watches the files of a configuration and loads it anew when one of them changes.
import { type FSWatcher, type Stats, lstatSync, readlinkSync, watch } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ConfigLoadError } from './ConfigLoadError';
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
  #watchers = new Map<string, FSWatcher>();
  #loadedAt = performance.timeOrigin;
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

  /** Whatever can make one of these files another one: see `placesOf`. */
  #watch(files: Iterable<string>): void {
    const before = this.#watchers;
    const names = new Map<string, Set<string>>();
    for (const file of files) {
      for (const path of placesOf(file)) {
        const directory = dirname(path);
        if (!names.has(directory)) names.set(directory, new Set());
        names.get(directory)!.add(basename(path));
      }
    }
    // All of them anew, as a directory may be another one by now under the same name.
    this.#watchers = new Map();
    for (const [directory, watched] of names) this.#watchDirectory(directory, watched);
    for (const watcher of before.values()) watcher.close();
    const added = [...this.#watchers.keys()].some(directory => !before.has(directory));
    // Something may have changed after it was read, and before it was watched.
    if (added && [...names.keys(), ...files].some(path => changedSince(path, this.#loadedAt)))
      this.#changed();
  }

  #watchDirectory(directory: string, names: Set<string>): void {
    try {
      const watcher = watch(directory, { persistent: false }, (_event, name) => {
        if (name === null || names.has(name)) this.#changed();
      });
      watcher.on('error', error => {
        watcher.close();
        this.#options.onError(error);
      });
      this.#watchers.set(directory, watcher);
    } catch (error) {
      // The one above a missing directory is watched for it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#options.onError(error as Error);
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
    this.#loadedAt = Date.now();
    try {
      const loaded = await loadConfig(this.#config.origin);
      if (!this.#closed) this.#apply(loaded);
    } catch (error) {
      if (!this.#closed) this.#fail(error as Error);
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

  #fail(error: Error): void {
    // Files that were not there before may be what is missing or broken.
    if (error instanceof ConfigLoadError) this.#watch(error.files);
    this.#options.onError(error);
  }
}

/**
 * The paths at which an entry of a directory decides what a file is: it and its directory, which a deployment may replace, what
 * is missing above, and all links on the way, which are swapped to switch between releases or mounts.
 */
function* placesOf(file: string, followed = new Set<string>()): Generator<string> {
  for (let path = file, depth = 0; dirname(path) !== path; path = dirname(path), depth++) {
    const stats = statsOf(path);
    const isLink = stats?.isSymbolicLink() ?? false;
    if (depth < 2 || !stats || isLink) yield path;
    if (isLink && !followed.has(path)) {
      followed.add(path);
      yield* placesOf(resolve(dirname(path), readlinkSync(path), relative(path, file)), followed);
    }
  }
}

function changedSince(path: string, time: number): boolean {
  // File systems round their times down by some milliseconds.
  return (statsOf(path)?.ctimeMs ?? 0) > time - 20;
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}
