// Creates Redis clients that neither reconnect nor queue commands, nor leave commands to the system when they are destroyed.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
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
  client.on('error', (error: Error) => {
    if (opened) {
      opened = false;
      onBreak(error);
    }
  });
  // The client opens its socket at once, and does not show it.
  const sockets: Socket[] = [];
  const note = (message: unknown) => void sockets.push((message as { socket: Socket }).socket);
  subscribe('net.client.socket', note);
  const connecting = client.connect();
  unsubscribe('net.client.socket', note);
  const connection: LinkConnection = {
    opened: connecting.then(() => (opened = true)),
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
