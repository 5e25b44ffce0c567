// Connections of the store 'redis', through @keyv/redis.
import { redisClient } from '../../remote/redisClient';
import type { RemoteCacheSettings } from './config';
import { loadStorePackage } from './loadStorePackage';
import type { OpenConnection } from './RemoteConnection';

/** Loads the package; rejects with `CacheStoreMissingError`. */
export async function loadRedis(
  settings: RemoteCacheSettings,
  connectTimeout: number,
): Promise<OpenConnection> {
  const redis = await loadStorePackage('redis', '@keyv/redis', () => import('@keyv/redis'));
  const { prefix } = settings;
  return onBreak => {
    const { client, connection } = redisClient(redis, { ...settings, connectTimeout }, onBreak);
    const store = new redis.default(client, { throwOnErrors: true });
    store.on('error', () => {});
    // The store would connect a client that was closed once more.
    const whenOpen = <T>(command: () => Promise<T>): Promise<T> =>
      client.isReady ? command() : Promise.reject(new Error('the connection is closed'));
    return {
      ...connection,
      get: key => whenOpen(() => store.get<string>(prefix + key)),
      set: (key, text, ttl) => whenOpen(() => store.set(prefix + key, text, ttl)),
      delete: key => whenOpen(() => store.delete(prefix + key)),
    };
  };
}
