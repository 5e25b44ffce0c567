// Reads `backend.cache`.
import type { Config } from '@backstage/config';
import type { JsonObject, JsonValue } from '@backstage/types';
import { booleanFromText } from '../../config/fromText';
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
  /** One, or those of a cluster that are asked for the others. */
  servers: ServerSettings[];
  cluster?: ClusterSettings;
  /** Prepended to every key. */
  prefix: string;
  /** How long a command may take before the server counts as down. */
  commandTimeout: number;
}

/** A server. */
export interface ServerSettings {
  url: string;
  /** Further options of the store's client. */
  clientOptions: JsonObject;
}

/** What holds for a whole cluster. */
export interface ClusterSettings {
  /** Options of the store's client for every server. */
  defaults: JsonObject;
  maxRedirections: number;
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
  const commandTimeout = readDelay(config, 'backend.cache.commandTimeout') ?? 200;
  return {
    store,
    defaultTtl,
    ...readServers(cache, store),
    prefix: readPrefix(cache, store),
    commandTimeout,
  };
}

function readMaxBytes(cache: Config | undefined): number {
  const maxBytes = cache?.getOptionalNumber('memory.maxBytes') ?? defaultMaxBytes;
  if (maxBytes < 0) {
    throw new InvalidConfigValueError('backend.cache.memory.maxBytes', 'must not be negative');
  }
  return maxBytes;
}

function readServers(
  cache: Config,
  store: 'redis' | 'valkey',
): Pick<RemoteCacheSettings, 'servers' | 'cluster'> {
  const connection = cache.getOptional('connection');
  const { url, ...clientOptions } = isObject(connection) ? optionsOf(connection, store) : { url: connection };
  const cluster = cache.getOptionalConfig(`${store}.cluster`);
  if (cluster) {
    return readCluster(cluster, store, clientOptions as JsonObject);
  }
  const key = isObject(connection) ? 'backend.cache.connection.url' : 'backend.cache.connection';
  const server = readServer(key, url, clientOptions as JsonObject);
  if (!server) {
    // The text is not part of the message, because it may contain a password.
    throw new InvalidConfigValueError(key, "is not a URL such as 'redis://user@host:6379'", {
      hint: 'Set it to the URL of the server (rediss: for TLS), or to an object with url and options of the client.',
    });
  }
  return { servers: [server] };
}

function readCluster(
  cluster: Config,
  store: 'redis' | 'valkey',
  connection: JsonObject,
): Pick<RemoteCacheSettings, 'servers' | 'cluster'> {
  const key = `backend.cache.${store}.cluster`;
  const defaults = merged(optionsOf(cluster.getOptional('defaults'), store), connection);
  const roots = cluster.getOptional('rootNodes');
  if (!Array.isArray(roots) || roots.length === 0) {
    throw new InvalidConfigValueError(`${key}.rootNodes`, 'must be a list of servers', {
      hint: 'Name at least one server of the cluster, such as { url: redis://host:6379 }.',
    });
  }
  const servers = roots.map((root, index) => {
    const rootKey = `${key}.rootNodes[${index}]`;
    const server = readRoot(rootKey, isObject(root) ? optionsOf(root, store) : { url: root }, defaults);
    if (server) return server;
    throw new InvalidConfigValueError(rootKey, 'does not name a server', {
      hint: 'Give it as { url: redis://host:6379 } (rediss: for TLS), or as { host, port }.',
    });
  });
  const maxRedirections = cluster.getOptionalNumber('maxCommandRedirections') ?? 16;
  // The masters are reached as the URL of a root says.
  return { servers, cluster: { defaults: withoutTlsSwitches(defaults), maxRedirections } };
}

/** The client of either store has forms of its own: a URL, `host` and `port`, or those below `socket`. */
function readRoot(
  key: string,
  { url, host, port, ...options }: JsonObject,
  defaults: JsonObject,
): ServerSettings | undefined {
  const clientOptions = merged(defaults, options);
  const socket = objectOf(clientOptions.socket);
  const named = host ?? socket.host;
  const address =
    url ?? (named && `redis://${addressOf(String(named), String(port ?? socket.port ?? 6379))}`);
  return readServer(key, address, clientOptions);
}

/** The second over the first, down to the single options of connections and of TLS. */
function merged(first: JsonObject, second: JsonObject): JsonObject {
  const tls = second.tls ? { ...objectOf(first.tls), ...objectOf(second.tls) } : (second.tls ?? first.tls);
  const socket = { ...objectOf(first.socket), ...objectOf(second.socket) };
  return { ...first, ...second, ...(tls !== undefined && { tls }), socket };
}

/** TLS if any setting asks for it. In the URL alone: node-redis refuses `socket.tls` where that differs, and quotes the URL with its password. */
function readServer(
  key: string,
  address: JsonValue | undefined,
  clientOptions: JsonObject,
): ServerSettings | undefined {
  if (typeof address !== 'string' || !URL.canParse(address)) return undefined;
  // In its normal form from here on: the client of valkey finds no TLS in one that begins with a blank or `REDISS:`.
  const url = new URL(address);
  if (!/^rediss?:$/.test(url.protocol)) return undefined;
  const inUrl = url.searchParams.getAll('tls').map(booleanFromText);
  if (inUrl.some(tls => typeof tls !== 'boolean')) {
    throw new InvalidConfigValueError(key, 'has a parameter tls that is neither true nor false', {
      hint: 'Let the URL begin with rediss: for TLS, or with redis: for none, and remove the parameter.',
    });
  }
  const asked = [objectOf(clientOptions.socket).tls, clientOptions.tls, ...inUrl];
  if (asked.some(Boolean)) url.protocol = 'rediss:';
  url.searchParams.delete('tls');
  return { url: url.href, clientOptions: withoutTlsSwitches(clientOptions) };
}

/** Without `tls` where it would take the encryption from a URL that begins with `rediss:`, and with it from the password. */
function withoutTlsSwitches({ tls, socket, ...options }: JsonObject): JsonObject {
  const { tls: _, ...others } = objectOf(socket);
  return { ...options, ...(tls && { tls }), ...(socket !== undefined && { socket: others }) };
}

/** Options of the client, to which any text is a switch that is on. That of redis takes certificates in `socket` alone. */
function optionsOf(value: JsonValue | undefined, store: 'redis' | 'valkey'): JsonObject {
  const options = withBooleanTls(objectOf(value));
  const certificates = store === 'redis' ? objectOf(options.tls) : {};
  if (options.socket === undefined && Object.keys(certificates).length === 0) return options;
  return { ...options, socket: { ...certificates, ...withBooleanTls(objectOf(options.socket)) } };
}

function withBooleanTls({ tls, ...options }: JsonObject): JsonObject {
  return tls === undefined ? options : { ...options, tls: booleanFromText(tls) };
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? withoutUndefined(value) : {};
}

/** Host and port as in a URL. */
export function addressOf(host: string, port: string | number): string {
  return `${/^[^[].*:/.test(host) ? `[${host}]` : host}:${port}`;
}

function readPrefix(cache: Config, store: 'redis' | 'valkey'): string {
  if (store === 'valkey') {
    return cache.getOptionalString('valkey.client.keyPrefix') ?? '';
  }
  const namespace = cache.getOptionalString('redis.client.namespace');
  const separator = cache.getOptionalString('redis.client.keyPrefixSeparator') ?? '::';
  return namespace ? namespace + separator : '';
}
