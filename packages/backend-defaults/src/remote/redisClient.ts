// Makes clients of Redis servers that neither reconnect nor keep commands for later.
import type { LinkConnection } from './RemoteLink';

type RedisPackage = typeof import('@keyv/redis');

/** Where the server is, and how to talk to it. */
export interface RedisClientSettings {
  url: string;
  /** Further options of the client. */
  clientOptions?: { socket?: unknown };
  /** Milliseconds. */
  connectTimeout: number;
}

/** A client that begins to connect, and what a link must know of it. */
export function redisClient(
  redis: RedisPackage,
  settings: RedisClientSettings,
  onBreak: (error: Error) => void,
) {
  const { url, clientOptions: { socket, ...clientOptions } = {}, connectTimeout } = settings;
  const client = redis.createClient({
    ...clientOptions,
    url,
    // Commands that nobody waits for any more must not be carried out later.
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
  const connection: LinkConnection = {
    opened: client.connect().then(() => (opened = true)),
    isOpen: () => client.isReady,
    end() {
      opened = false;
      return client.close();
    },
    destroy() {
      opened = false;
      if (client.isOpen) {
        client.destroy();
      }
    },
  };
  return { client, connection };
}
