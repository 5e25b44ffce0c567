// Connections of the store 'redis', through the client included in @keyv/redis.
import { redisClient } from '../../remote/redisClient';
import { CacheStoreMissingError } from './cacheErrors';
import type { OpenServer } from './ClusterConnection';

/** Loads the package; rejects with `CacheStoreMissingError`. */
export async function loadRedis(prefix: string, connectTimeout: number): Promise<OpenServer> {
  const redis = await import('@keyv/redis').catch((cause: unknown) => {
    throw new CacheStoreMissingError({ store: 'redis', packageName: '@keyv/redis', cause });
  });
  return (server, onBreak) => {
    const { client, connection } = redisClient(redis, { ...server, connectTimeout }, onBreak);
    return {
      ...connection,
      get: async key => (await client.get(prefix + key)) ?? undefined,
      set: (key, text, ttl) => client.set(prefix + key, text, ttl === undefined ? {} : { PX: ttl }),
      delete: key => client.unlink(prefix + key),
      send: args => client.sendCommand(args),
    };
  };
}
