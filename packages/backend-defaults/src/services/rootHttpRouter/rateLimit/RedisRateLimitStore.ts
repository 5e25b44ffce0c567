// Counts requests on a Redis server, so that all instances of a backend share their counts.
import { ServiceUnavailableError } from '@backstage/errors';
import type { Store } from 'express-rate-limit';
import { markOutage } from '../../../remote/outages';
import type { RemoteLink, LinkConnection } from '../../../remote/RemoteLink';

/** A connection that runs scripts. */
export interface ScriptConnection extends LinkConnection {
  evaluate(script: string, key: string, ...args: string[]): Promise<unknown>;
}

// A count without expiry would lock out its client for good, so this also repairs such a count.
const incrementScript = `
local hits = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return { hits, left }`;

const decrementScript = `
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('DECR', KEYS[1])
end`;

/** The counts of one limit. If the server is down, calls soon reject with `ServiceUnavailableError`. */
export class RedisRateLimitStore implements Store {
  readonly localKeys = false;
  readonly prefix: string;
  readonly #link: RemoteLink<ScriptConnection>;
  readonly #window: string;

  /** @param options - `prefix` goes before every key; `window` is in milliseconds */
  constructor(link: RemoteLink<ScriptConnection>, options: { prefix: string; window: number }) {
    this.#link = link;
    this.prefix = options.prefix;
    this.#window = String(Math.ceil(options.window));
  }

  async increment(key: string): Promise<{ totalHits: number; resetTime: Date }> {
    const [hits, left] = (await this.#evaluate(incrementScript, key, this.#window)) as [number, number];
    return { totalHits: hits, resetTime: new Date(Date.now() + left) };
  }

  /** Ignores failures, because a count that is not taken back only makes the limit apply a little earlier. */
  async decrement(key: string): Promise<void> {
    await this.#evaluate(decrementScript, key).catch(() => {});
  }

  async resetKey(key: string): Promise<void> {
    await this.#evaluate(`redis.call('DEL', KEYS[1])`, key);
  }

  async #evaluate(script: string, key: string, ...args: string[]): Promise<unknown> {
    try {
      return await this.#link.run(connection => connection.evaluate(script, this.prefix + key, ...args));
    } catch {
      // The link has logged the reason. This error has no cause, because its message would show it to clients.
      throw markOutage(
        new ServiceUnavailableError('The rate limit of this server can not be checked right now'),
      );
    }
  }
}
