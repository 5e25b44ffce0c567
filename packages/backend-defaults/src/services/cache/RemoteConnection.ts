// What a connection to a cache server must be able to do.
import type { LinkConnection, OpenLink } from '../../remote/RemoteLink';

/** One connection, thrown away once it broke. */
export interface RemoteConnection extends LinkConnection {
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string, ttl?: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

/** Begins to connect. */
export type OpenConnection = OpenLink<RemoteConnection>;
