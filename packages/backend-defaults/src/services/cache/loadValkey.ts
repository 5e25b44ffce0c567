// Connections of the store 'valkey', through @keyv/valkey.
import type { Socket } from 'node:net';
import { resetSocket } from '../../remote/resetSocket';
import { CacheStoreMissingError } from './cacheErrors';
import type { OpenServer } from './ClusterConnection';

/** The client underneath the store, which exposes it untyped. */
interface ValkeyClient {
  readonly status: string;
  /** Undocumented. */
  readonly stream?: Socket;
  connect(): Promise<void>;
  disconnect(): void;
  quit(): Promise<unknown>;
  call(...command: string[]): Promise<unknown>;
  on(event: 'error' | 'end', listener: (error?: Error) => void): void;
}

/** Loads the package; rejects with `CacheStoreMissingError`. */
export async function loadValkey(prefix: string, connectTimeout: number): Promise<OpenServer> {
  const valkey = await import('@keyv/valkey').catch((cause: unknown) => {
    throw new CacheStoreMissingError({ store: 'valkey', packageName: '@keyv/valkey', cause });
  });
  const options = {
    // Set on the client, so that it precedes the prefix that the store adds.
    keyPrefix: prefix,
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
  return ({ url, clientOptions }, onBreak) => {
    const store = new valkey.default({ ...clientOptions, uri: url, ...options });
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
      // The status follows the end of the socket with a delay, in which commands are refused already.
      isOpen: () => client.status === 'ready' && client.stream?.writable !== false,
      get: async key => (await store.get<string>(key)) as string | undefined,
      set: (key, text, ttl) => store.set(key, text, ttl),
      delete: key => store.delete(key),
      send: command => client.call(...command),
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
