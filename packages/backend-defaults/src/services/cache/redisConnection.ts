// Connections of the store 'redis', through @keyv/redis.
import type { CacheSettings, RemoteCacheSettings } from './config';
import { loadStorePackage } from './loadStorePackage';
import type { OpenConnection } from './RemoteConnection';

/** Loads the package; rejects with `CacheStoreMissingError`. */
export async function loadRedis(
  settings: CacheSettings & RemoteCacheSettings,
  connectTimeout: number,
): Promise<OpenConnection> {
  const redis = await loadStorePackage('redis', '@keyv/redis', () => import('@keyv/redis'));
  const { socket, ...clientOptions } = settings.clientOptions;
  const options = {
    ...clientOptions,
    url: settings.url,
    // Commands that nobody waits for any more must not be carried out later.
    disableOfflineQueue: true,
    socket: { ...(socket as object | undefined), reconnectStrategy: false as const, connectTimeout },
  };
  return onBreak => {
    const client = redis.createClient(options);
    let opened = false;
    client.on('error', (error: Error) => {
      if (opened) {
        opened = false;
        onBreak(error);
      }
    });
    const store = new redis.default(client, { throwOnErrors: true });
    store.on('error', () => {});
    // The store would connect a client that was closed once more.
    const whenOpen = <T>(command: () => Promise<T>): Promise<T> =>
      client.isReady ? command() : Promise.reject(new Error('the connection is closed'));
    return {
      opened: client.connect().then(() => (opened = true)),
      isOpen: () => client.isReady,
      get: key => whenOpen(() => store.get<string>(key)),
      set: (key, text, ttl) => whenOpen(() => store.set(key, text, ttl)),
      delete: key => whenOpen(() => store.delete(key)),
      end() {
        opened = false;
        return store.disconnect();
      },
      destroy() {
        opened = false;
        if (client.isOpen) {
          client.destroy();
        }
      },
    };
  };
}
