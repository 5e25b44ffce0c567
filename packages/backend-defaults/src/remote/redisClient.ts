// Creates Redis clients that neither reconnect nor queue commands, nor leave commands to the system when they are destroyed.
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { LinkConnection } from './RemoteLink';
import { resetSocket } from './resetSocket';

type RedisPackage = typeof import('@keyv/redis');

/** The server's address and the client's options. */
export interface RedisClientSettings {
  url: string;
  /** Further options of the client. */
  clientOptions?: { socket?: unknown };
  /** In milliseconds. */
  connectTimeout: number;
}

/** The sockets that a client opens, which it does not show. */
const socketsOf = new AsyncLocalStorage<Set<Socket>>();
subscribe('net.client.socket', message => {
  socketsOf.getStore()?.add((message as { socket: Socket }).socket);
});

/** Returns a client that begins to connect, and its connection for a `RemoteLink`. */
export function redisClient(
  redis: RedisPackage,
  settings: RedisClientSettings,
  onBreak: (error: Error) => void,
) {
  const { url, clientOptions: { socket, ...clientOptions } = {}, connectTimeout } = settings;
  const client = redis.createClient({
    ...clientOptions,
    url,
    // Commands that have timed out must not be executed later.
    disableOfflineQueue: true,
    socket: { ...(socket as object | undefined), reconnectStrategy: false, connectTimeout },
  });
  let opened = false;
  const sockets = new Set<Socket>();
  client.on('error', (error: Error) => {
    if (opened) {
      opened = false;
      onBreak(error);
    }
  });
  const connection: LinkConnection = {
    opened: socketsOf.run(sockets, () => client.connect()).then(() => (opened = true)),
    isOpen: () => client.isReady,
    end() {
      opened = false;
      return client.close();
    },
    destroy() {
      opened = false;
      sockets.forEach(resetSocket);
      if (client.isOpen) {
        client.destroy();
      }
    },
  };
  return { client, connection };
}
