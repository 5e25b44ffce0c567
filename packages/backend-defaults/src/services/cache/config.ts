// Reads `backend.cache`.
import type { Config } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { InvalidConfigValueError } from '../../config/InvalidConfigValueError';
import { isObject } from '../../isObject';
import { readChoice } from '../../config/readChoice';
import { readDelay, readDuration } from '../../config/readDuration';
import { withoutUndefined } from '../../withoutUndefined';
import { readTtl } from './readTtl';

/** The settings of the cache. Times are in milliseconds. */
export type CacheSettings = { defaultTtl?: number } & (MemoryCacheSettings | RemoteCacheSettings);

/** Values are kept in the memory of this process. */
export interface MemoryCacheSettings {
  store: 'memory';
  maxBytes: number;
}

/** Values are kept on a server. */
export interface RemoteCacheSettings {
  store: 'redis' | 'valkey';
  url: string;
  /** Further options of the store's client. */
  clientOptions: JsonObject;
  /** Prepended to every key. */
  prefix: string;
  /** How long a command may take before the server counts as down. */
  commandTimeout: number;
}

const defaultMaxBytes = 64 * 1024 * 1024;

/** Reads the settings. Default: 64 MiB of memory, no time limit. */
export function readCacheSettings(config: Config): CacheSettings {
  const cache = config.getOptionalConfig('backend.cache');
  const store = readChoice(config, 'backend.cache.store', ['memory', 'redis', 'valkey']);
  const defaultTtl = readTtl(readDuration(config, 'backend.cache.defaultTtl') ?? 0);
  if (store === 'memory' || !cache) {
    return { store: 'memory', defaultTtl, maxBytes: readMaxBytes(cache) };
  }
  if (cache.has(`${store}.cluster`)) {
    throw new InvalidConfigValueError(
      `backend.cache.${store}.cluster`,
      'is set, and clusters are not supported',
      {
        hint: 'Remove it, and name one server in backend.cache.connection.',
      },
    );
  }
  const commandTimeout = readDelay(config, 'backend.cache.commandTimeout') ?? 200;
  return { store, defaultTtl, ...readConnection(cache), prefix: readPrefix(cache, store), commandTimeout };
}

function readMaxBytes(cache: Config | undefined): number {
  const maxBytes = cache?.getOptionalNumber('memory.maxBytes') ?? defaultMaxBytes;
  if (maxBytes < 0) {
    throw new InvalidConfigValueError('backend.cache.memory.maxBytes', 'must not be negative');
  }
  return maxBytes;
}

function readConnection(cache: Config): Pick<RemoteCacheSettings, 'url' | 'clientOptions'> {
  const connection = cache.getOptional('connection');
  const { url, ...clientOptions } = isObject(connection) ? connection : { url: connection };
  if (typeof url !== 'string' || !URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    // The text is not part of the message, because it may contain a password.
    throw new InvalidConfigValueError(
      isObject(connection) ? 'backend.cache.connection.url' : 'backend.cache.connection',
      "is not a URL such as 'redis://user@host:6379'",
      {
        hint: 'Set it to the URL of the server (rediss: for TLS), or to an object with url and options of the client.',
      },
    );
  }
  return { url, clientOptions: withoutUndefined(clientOptions) as JsonObject };
}

function readPrefix(cache: Config, store: 'redis' | 'valkey'): string {
  if (store === 'valkey') {
    return cache.getOptionalString('valkey.client.keyPrefix') ?? '';
  }
  const namespace = cache.getOptionalString('redis.client.namespace');
  const separator = cache.getOptionalString('redis.client.keyPrefixSeparator') ?? '::';
  return namespace ? namespace + separator : '';
}
