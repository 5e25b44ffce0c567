// Connections of the store 'redis', through the client included in @keyv/redis.
import { redisClient } from '../../remote/redisClient';
import type { RemoteCacheSettings } from './config';
import { CacheStoreMissingError } from './cacheErrors';
import type { OpenConnection } from './RemoteStore';

/** Loads the package; rejects with `CacheStoreMissingError`. */
export async function loadRedis(
  settings: RemoteCacheSettings,
  connectTimeout: number,
): Promise<OpenConnection> {
  const redis = await import('@keyv/redis').catch((cause: unknown) => {
    throw new CacheStoreMissingError({ store: 'redis', packageName: '@keyv/redis', cause });
  });
  const { prefix } = settings;
  return onBreak => {
    const { client, connection } = redisClient(redis, { ...settings, connectTimeout }, onBreak);
    return {
      ...connection,
      get: async key => (await client.get(prefix + key)) ?? undefined,
      set: (key, text, ttl) => client.set(prefix + key, text, ttl === undefined ? {} : { PX: ttl }),
      delete: key => client.unlink(prefix + key),
    };
  };
}
