// Watches the files of a configuration and reloads it when one of them changes.
import { existsSync, type FSWatcher, type Stats, lstatSync, readlinkSync, watch } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ConfigLoadError } from './ConfigLoadError';
import { loadConfig, type LoadedConfig } from './loadConfig';
import type { ReloadableConfig } from './ReloadableConfig';

/** Options of a {@link ConfigWatcher}. */
export interface ConfigWatcherOptions {
  /** Called with new content before it takes effect and subscribers are notified, so that its secrets can be masked. */
  beforeReload?(loaded: LoadedConfig): void;
  /** Called after new content has taken effect. */
  onReload?(): void;
  /** Called if the files cannot be loaded or watched, in which case the last good content stays, or if a subscriber throws. */
  onError(error: Error): void;
  /** Milliseconds without another change before reloading; default 100. Editors write a file in several steps. */
  debounceMs?: number;
}

/**
 * Keeps a configuration in sync with its files until it is closed. Never keeps the process alive.
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

  /** Stops watching. A reload in progress no longer has an effect. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  /** Watches everything that decides what these files contain: see `placesOf`. */
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
    // Replaces all watchers, because a directory may by now be a different one with the same name.
    this.#watchers = new Map();
    for (const [directory, watched] of names) this.#watchDirectory(directory, watched);
    for (const watcher of before.values()) watcher.close();
    const added = [...this.#watchers.keys()].some(directory => !before.has(directory));
    // A file may have changed after it was read but before it was watched.
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
        this.#options.onError(unwatched(directory, error));
      });
      this.#watchers.set(directory, watcher);
    } catch (error) {
      // If a directory is missing, its parent is watched until it appears.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        this.#options.onError(unwatched(directory, error as Error));
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
      // It was away for a moment, while it was replaced.
      if (!hasMain(this.#config, loaded)) this.#changedWhileLoading = true;
      else if (!this.#closed) this.#apply(loaded);
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
    // Also watches files that only the failed load found: one of them may be the broken or missing one.
    if (error instanceof ConfigLoadError) this.#watch(error.files);
    this.#options.onError(error);
  }
}

/**
 * Whether the first file was found again, or one that now comes before it. Throws if it is gone, which a start would do
 * without: its folder may have been removed, not its content.
 */
function hasMain({ loaded: { files }, origin }: ReloadableConfig, loaded: LoadedConfig): boolean {
  const [main] = files;
  const [next] = loaded.files;
  if (main === undefined || loaded.files.has(main)) return true;
  if (existsSync(main)) return next !== undefined && !files.has(next);
  const instead = next === undefined ? 'do without it' : `use ${next} instead`;
  const message = `The file is gone: put it back, or restart the backend to ${instead}.`;
  throw new ConfigLoadError([{ file: main, message }], origin?.cwd, files);
}

function unwatched(directory: string, cause: Error): Error {
  return new Error(
    `Changes of the files in ${directory} go unnoticed, because it can't be watched (${cause.message}): restart the backend after a change.`,
    { cause },
  );
}

/**
 * All paths whose directory entry decides which file is read: the file and its directory, which a deployment may
 * replace, ancestors that are missing, and all symbolic links on the way, which are swapped to switch between
 * releases or mounts.
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
  // File systems round timestamps down by some milliseconds.
  return (statsOf(path)?.ctimeMs ?? 0) > time - 20;
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}
