// Provides a Location for each file in a folder, and watches the folder.
import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import {
  type EntityProvider,
  type EntityProviderConnection,
  locationSpecToLocationEntity,
} from '@greenroom/plugin-catalog-node';
import type { WatchedDirectory } from './readDirectories';

/** Editors and version control write a file in several steps. */
const QUIET_MS = 200;

/** Notices added, changed and removed files immediately. Ignores folders that start with a dot, and node_modules. */
export class DirectoryEntityProvider implements EntityProvider {
  readonly #directory: WatchedDirectory;
  readonly #logger: LoggerService;
  #connection: EntityProviderConnection | undefined;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #changed = new Set<string>();
  #running: Promise<void> = Promise.resolve();

  constructor(directory: WatchedDirectory, logger: LoggerService) {
    this.#directory = directory;
    this.#logger = logger;
  }

  getProviderName(): string {
    return `DirectoryEntityProvider:${this.#directory.id}`;
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.#connection = connection;
    // Watches before reading, so that no change is missed in between.
    this.#watch();
    await this.#provide();
  }

  /** Stops watching, and waits for pending updates. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#watcher?.close();
    await this.#running;
  }

  #watch(): void {
    const { path } = this.#directory;
    try {
      this.#watcher = watch(path, { recursive: true }, (_, file) => this.#notice(file));
      this.#watcher.on('error', error => this.#logger.warn(`The folder ${path} is no longer watched`, error));
    } catch (error) {
      this.#logger.warn(`The folder ${path} can't be watched; it is read once`, error as Error);
    }
  }

  #notice(file: string | null): void {
    if (file !== null) this.#changed.add(join(this.#directory.path, file));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const changed = [...this.#changed].filter(path => this.#directory.filename.test(basename(path)));
      this.#changed = new Set();
      this.#running = this.#running.then(() => this.#update(changed));
    }, QUIET_MS);
  }

  async #update(changed: readonly string[]): Promise<void> {
    try {
      await this.#provide();
      if (changed.length > 0) await this.#connection?.refresh({ keys: changed.map(path => `file:${path}`) });
    } catch (error) {
      this.#logger.error(`The folder ${this.#directory.path} could not be provided`, error as Error);
    }
  }

  async #provide(): Promise<void> {
    const files = await findFiles(this.#directory);
    const entities = files.map(target => {
      const location = { type: 'file', target };
      return { entity: locationSpecToLocationEntity({ location }), locationKey: `file:${target}` };
    });
    await this.#connection?.applyMutation({ type: 'full', entities });
  }
}

async function findFiles({ path, filename }: WatchedDirectory): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  const nested = await Promise.all(
    entries.map(async entry => {
      const own = join(path, entry.name);
      if (entry.isFile()) return filename.test(entry.name) ? [own] : [];
      const skipped = !entry.isDirectory() || entry.name.startsWith('.') || entry.name === 'node_modules';
      return skipped ? [] : findFiles({ id: '', path: own, filename });
    }),
  );
  return nested.flat().sort();
}
