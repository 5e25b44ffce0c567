// Connections of the store 'valkey', through @keyv/valkey.
import type { Socket } from 'node:net';
import { resetSocket } from '../../remote/resetSocket';
import type { RemoteCacheSettings } from './config';
import { CacheStoreMissingError } from './cacheErrors';
import type { OpenConnection } from './RemoteStore';

/** The client underneath the store, which exposes it untyped. */
interface ValkeyClient {
  readonly status: string;
  /** Undocumented. */
  readonly stream?: Socket;
  connect(): Promise<void>;
  disconnect(): void;
  quit(): Promise<unknown>;
  on(event: 'error' | 'end', listener: (error?: Error) => void): void;
}

/** Loads the package; rejects with `CacheStoreMissingError`. */
export async function loadValkey(
  settings: RemoteCacheSettings,
  connectTimeout: number,
): Promise<OpenConnection> {
  const valkey = await import('@keyv/valkey').catch((cause: unknown) => {
    throw new CacheStoreMissingError({ store: 'valkey', packageName: '@keyv/valkey', cause });
  });
  const options = {
    ...settings.clientOptions,
    uri: settings.url,
    // Set on the client, so that it precedes the prefix that the store adds.
    keyPrefix: settings.prefix,
    lazyConnect: true,
    // Commands that have timed out must not be executed later.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout,
    // How long an abandoned connection may take to close.
    disconnectTimeout: 100,
    // A set of all keys would grow without bound, and cost two more commands per value.
    useRedisSets: false,
  };
  return onBreak => {
    const store = new valkey.default(options);
    const client = store.redis as ValkeyClient;
    let opened = false;
    let lastError: Error | undefined;
    store.on('error', (error: Error) => (lastError = error));
    client.on('end', () => {
      if (opened) {
        opened = false;
        onBreak(lastError ?? new Error('the server closed the connection'));
      }
    });
    return {
      opened: client.connect().then(
        () => (opened = true),
        error => Promise.reject(lastError ?? error),
      ),
      isOpen: () => client.status === 'ready',
      get: async key => (await store.get<string>(key)) as string | undefined,
      set: (key, text, ttl) => store.set(key, text, ttl),
      delete: key => store.delete(key),
      end() {
        opened = false;
        return client.quit();
      },
      destroy() {
        opened = false;
        resetSocket(client.stream);
        client.disconnect();
      },
    };
  };
}
