// Gives each plugin a cache of its own over one shared store, and closes the store.
import type { Config } from '@backstage/config';
import type { CacheService, LoggerService } from '@greenroom/backend-plugin-api';
import type { CacheStore } from './CacheStore';
import { readCacheSettings, type CacheSettings, type RemoteCacheSettings } from './config';
import { MemoryStore } from './MemoryStore';
import { PluginCache } from './PluginCache';
import type { OpenConnection } from './RemoteStore';

const openTimeout = 2_000;

/**
 * The caches of a backend.
 *
 * @public
 */
export class PluginCaches {
  readonly #store: CacheStore;
  readonly #settings: CacheSettings;

  /**
   * Sets up the store configured in `backend.cache` and begins to connect, without waiting for the connection.
   * Rejects with `CacheStoreMissingError` or `InvalidConfigValueError`.
   */
  static async create(options: { config: Config; logger: LoggerService }): Promise<PluginCaches> {
    const settings = readCacheSettings(options.config);
    const store =
      settings.store === 'memory' ? new MemoryStore(settings) : await connect(settings, options.logger);
    return new PluginCaches(store, settings);
  }

  private constructor(store: CacheStore, settings: CacheSettings) {
    this.#store = store;
    this.#settings = settings;
  }

  /** The cache service of a plugin. `onRead` is called for each `get`. */
  forPlugin(pluginId: string, options: { onRead?: (hit: boolean) => void } = {}): CacheService {
    const { defaultTtl } = this.#settings;
    return new PluginCache(this.#store, { prefix: `${pluginId}:`, defaultTtl, ...options });
  }

  /** Rejects if the server does not answer. Undefined if there is no server. */
  get check(): (() => Promise<void>) | undefined {
    return this.#store.check?.bind(this.#store);
  }

  /** Closes the connection: from then on, caches are empty. Those in memory are emptied, and still work. */
  close(): Promise<void> {
    return this.#store.close();
  }
}

async function connect(settings: RemoteCacheSettings, logger: LoggerService): Promise<CacheStore> {
  const { RemoteStore } = await import('./RemoteStore');
  const { cluster, commandTimeout, prefix, servers, store } = settings;
  const serverPrefix = cluster ? '' : prefix;
  const openServer =
    store === 'redis'
      ? await (await import('./loadRedis')).loadRedis(serverPrefix, openTimeout)
      : await (await import('./loadValkey')).loadValkey(serverPrefix, openTimeout);
  let open: OpenConnection = onBreak => openServer(servers[0]!, onBreak);
  if (cluster) {
    const { ClusterConnection } = await import('./ClusterConnection');
    open = onBreak => new ClusterConnection({ roots: servers, cluster, openServer, prefix }, onBreak);
  }
  const address = servers.map(({ url }) => new URL(url)).map(({ protocol, host }) => `${protocol}//${host}`);
  const remote = new RemoteStore({ open, address: address.join(', '), logger, commandTimeout, openTimeout });
  remote.connect();
  return remote;
}
