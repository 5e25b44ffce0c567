// Connects to the Redis server that counts requests.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { redisClient } from '../../../remote/redisClient';
import { RemoteLink } from '../../../remote/RemoteLink';
import { RateLimitStoreMissingError } from './rateLimitErrors';
import type { ScriptConnection } from './RedisRateLimitStore';

const connectTimeout = 2_000;
/** Uses a key next to those of clients, which expires after a second. */
const probe = { script: `redis.call('SET', KEYS[1], '', 'PX', 1000)`, key: 'rate-limit::probe' };

/** Returns a link that has begun to connect. Rejects with `RateLimitStoreMissingError`. */
export async function redisScriptLink(
  url: string,
  logger: LoggerService,
): Promise<RemoteLink<ScriptConnection>> {
  const redis = await import('@keyv/redis').catch((cause: unknown) => {
    throw new RateLimitStoreMissingError('@keyv/redis', cause);
  });
  const { protocol, host } = new URL(url);
  const link = new RemoteLink<ScriptConnection>({
    logger,
    subject: `The rate limit store at ${protocol}//${host}`,
    withoutIt: 'Requests are refused with 503, or pass where passOnStoreError is set, until it answers',
    commandTimeout: 200,
    openTimeout: connectTimeout,
    // A full server, or a replica, responds but counts nothing. Without this it would seem to be back every second.
    async prepare(connection) {
      await connection.evaluate(probe.script, probe.key);
      return true;
    },
    open(onBreak) {
      const { client, connection } = redisClient(redis, { url, connectTimeout }, onBreak);
      return {
        ...connection,
        evaluate: (script, key, ...args) => client.eval(script, { keys: [key], arguments: args }),
      };
    },
  });
  link.connect();
  return link;
}
