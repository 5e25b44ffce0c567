// Reads `backend.rateLimit`.
import type { Config } from '@backstage/config';
import { isIP } from 'node:net';
import { booleanFromText } from '../../../config/fromText';
import { InvalidConfigValueError } from '../../../config/InvalidConfigValueError';
import { isObject } from '../../../isObject';
import { isUrlOf } from '../../../config/isUrlOf';
import { readChoice } from '../../../config/readChoice';
import { longestTimer, readDuration } from '../../../config/readDuration';

/** One limit. */
export interface RateLimitSettings {
  /** In milliseconds. */
  window: number;
  /** How many requests a client may make per window. */
  limit: number;
  passOnStoreError: boolean;
  /** Addresses and subnets that are not limited. */
  ipAllowList: string[];
  skipSuccessfulRequests: boolean;
  skipFailedRequests: boolean;
}

/** All limits. */
export interface RateLimitsSettings {
  /** For all requests together; undefined if switched off. */
  global?: RateLimitSettings;
  /** For the requests to single plugins, by plugin id. */
  plugins: Map<string, RateLimitSettings>;
  /** URL of the Redis server that all instances count on; undefined if each instance counts for itself. */
  redis?: string;
}

const key = 'backend.rateLimit';
const defaults: RateLimitSettings = {
  window: 60_000,
  limit: 5,
  passOnStoreError: false,
  ipAllowList: ['127.0.0.1', '::1'],
  skipSuccessfulRequests: false,
  skipFailedRequests: false,
};

/** Reads the limits; undefined if nothing is limited, which is the default. */
export function readRateLimits(config: Config): RateLimitsSettings | undefined {
  const value = booleanFromText(config.getOptional(key));
  if (value === undefined || value === false) return undefined;
  if (value === true) {
    return { global: defaults, plugins: new Map() };
  }
  if (!isObject(value)) {
    throw new InvalidConfigValueError(key, 'must be true, false or an object');
  }
  const shared = readLimit(config, key, defaults);
  const pluginIds = config.getOptionalConfig(`${key}.plugin`)?.keys() ?? [];
  const plugins = pluginIds.map(id => [id, readLimit(config, `${key}.plugin.${id}`, shared)] as const);
  return {
    ...((config.getOptionalBoolean(`${key}.global`) ?? true) && { global: shared }),
    plugins: new Map(plugins),
    redis: readStore(config),
  };
}

function readLimit(config: Config, level: string, base: RateLimitSettings): RateLimitSettings {
  const flag = (name: keyof RateLimitSettings & string) => config.getOptionalBoolean(`${level}.${name}`);
  const window = readDuration(config, `${level}.window`) ?? base.window;
  if (window < 1 || window > longestTimer) {
    throw new InvalidConfigValueError(`${level}.window`, 'must be from 1 ms to 24 days');
  }
  const limit = config.getOptionalNumber(`${level}.incomingRequestLimit`) ?? base.limit;
  if (!Number.isInteger(limit) || limit < 1) {
    throw new InvalidConfigValueError(`${level}.incomingRequestLimit`, 'must be a whole number from 1');
  }
  const ipAllowList = config.getOptionalStringArray(`${level}.ipAllowList`) ?? base.ipAllowList;
  ipAllowList.forEach(entry => checkAddress(entry, `${level}.ipAllowList`));
  return {
    window,
    limit,
    ipAllowList,
    passOnStoreError: flag('passOnStoreError') ?? base.passOnStoreError,
    skipSuccessfulRequests: flag('skipSuccessfulRequests') ?? base.skipSuccessfulRequests,
    skipFailedRequests: flag('skipFailedRequests') ?? base.skipFailedRequests,
  };
}

function checkAddress(entry: string, level: string): void {
  const [address, bits, ...rest] = entry.split('/');
  const version = isIP(address!);
  const bitsFit = bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (version === 6 ? 128 : 32));
  if (version === 0 || !bitsFit || rest.length > 0) {
    throw new InvalidConfigValueError(
      level,
      `has the entry '${entry}', which is neither an IP address nor a subnet such as '10.0.0.0/8'`,
    );
  }
}

function readStore(config: Config): string | undefined {
  if (readChoice(config, `${key}.store.type`, ['memory', 'redis']) === 'memory') {
    return undefined;
  }
  const url = config.getOptionalString(`${key}.store.connection`) ?? '';
  if (!isUrlOf(['redis:', 'rediss:'], url)) {
    // The text itself stays out of the message, because it may contain a password.
    throw new InvalidConfigValueError(
      `${key}.store.connection`,
      "is not a URL such as 'redis://user@host:6379'",
    );
  }
  return url;
}
