// Provides a Location for each file in a folder, and watches the folder.
import type { WatchEventType } from 'node:fs';
import { basename, dirname, join, parse } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import {
  type DeferredEntity,
  type EntityProvider,
  type EntityProviderConnection,
  locationSpecToLocationEntity,
} from '@greenroom/plugin-catalog-node';
import { FailureLog } from '@greenroom/plugin-catalog-node/internal';
import { type FilesByContent, findFiles } from './findFiles';
import { FolderWatchers } from './FolderWatchers';
import type { WatchedDirectory } from './readDirectories';

/** Editors and version control write a file in several steps. */
const QUIET_MS = 200;
/** In a folder that never gets quiet, changes wait no longer than this. */
const MAX_WAIT_MS = 1_000;
const RETRY_MS = 2_000;

/** Notices added, changed and removed files immediately. Ignores folders that start with a dot, and node_modules. */
export class DirectoryEntityProvider implements EntityProvider {
  readonly #directory: WatchedDirectory;
  readonly #logger: LoggerService;
  readonly #failures: FailureLog;
  readonly #watchers: FolderWatchers;
  #connection: EntityProviderConnection | undefined;
  #provided: FilesByContent = new Map();
  #targets: readonly string[] | undefined;
  #leftOut: ReadonlyMap<string, string> = new Map();
  /** Files that have changed, and folders in which anything may have changed. */
  #changed = new Set<string>();
  #changedSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isWaiting = false;
  #isStopped = false;

  constructor(directory: WatchedDirectory, logger: LoggerService) {
    this.#directory = directory;
    this.#logger = logger;
    this.#failures = new FailureLog(logger, `Providing the folder ${directory.path}`);
    this.#watchers = new FolderWatchers((...change) => this.#notice(...change), logger);
  }

  getProviderName(): string {
    return `DirectoryEntityProvider:${this.#directory.id}`;
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.#connection = connection;
    const first = this.#provide(new Set());
    this.#running = first.catch(() => {});
    await first;
  }

  /** Stops watching, and waits for pending updates. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#watchers.close();
    await this.#running;
  }

  #notice(event: WatchEventType, folder: string, name: string | null): void {
    const { path } = this.#directory;
    const changed = name === null ? folder : join(folder, name);
    if (event === 'change' && name !== null && !this.#provided.has(changed)) return;
    if (folder === dirname(path) && name !== null && name !== basename(path)) return;
    this.#changed.add(changed);
    this.#changedSince ??= performance.now();
    this.#schedule(Math.min(QUIET_MS, this.#changedSince + MAX_WAIT_MS - performance.now()));
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      if (this.#isWaiting) return;
      this.#isWaiting = true;
      this.#running = this.#running.then(() => this.#update());
    }, ms);
  }

  async #update(): Promise<void> {
    const changed = this.#changed;
    this.#isWaiting = false;
    this.#changed = new Set();
    this.#changedSince = undefined;
    try {
      await this.#provide(changed);
      this.#failures.worked();
    } catch (error) {
      this.#failures.failed(error as Error);
      // Until it works, so much may change that nothing is remembered of it: everything has to be refreshed.
      this.#changed.add(parse(this.#directory.path).root);
      this.#schedule(RETRY_MS);
    }
  }

  async #provide(changed: ReadonlySet<string>): Promise<void> {
    const known = this.#provided;
    const files = await this.#find();
    const isAffected = ([content, file]: readonly [string, string]) =>
      known.get(content) !== file || isWithinAny(changed, content);
    const targets = [...files.values()].sort();
    const affected = [...files].filter(isAffected).map(([, file]) => file);
    if (affected.length === 0 && isDeepStrictEqual(targets, this.#targets)) return;
    await this.#connection?.applyMutation({ type: 'full', entities: targets.map(toDeferred) });
    if (this.#targets) await this.#connection?.refresh({ keys: affected.map(file => `file:${file}`) });
    this.#targets = targets;
    this.#provided = files;
  }

  async #find(): Promise<FilesByContent> {
    const { id, path } = this.#directory;
    // Watches each folder before reading it, so that no change is missed in between.
    this.#watchers.begin();
    const found = await findFiles(
      this.#directory,
      folder => this.#watchers.add(folder),
      this.#provided,
    ).catch((cause: Error) => {
      const message = `The folder ${path} of catalog.providers.directory.${id} can't be read: ${cause.message}`;
      throw new Error(message, { cause });
    });
    this.#watchers.end();
    for (const [own, reason] of found.leftOut) {
      if (!this.#leftOut.has(own)) this.#logger.warn(`The catalog leaves out ${own}: ${reason}`);
    }
    this.#leftOut = found.leftOut;
    return found.files;
  }
}

function toDeferred(target: string): DeferredEntity {
  const entity = locationSpecToLocationEntity({ location: { type: 'file', target } });
  return { entity, locationKey: `file:${target}` };
}

/** Whether one of the paths is that of the file, or of a folder that it is in. */
function isWithinAny(paths: ReadonlySet<string>, file: string): boolean {
  return paths.has(file) || (file !== dirname(file) && isWithinAny(paths, dirname(file)));
}
