// What a connection to a cache server must be able to do: one that breaks is thrown away, so it never reconnects by itself.

/** One connection. It is opening when it is made; commands may be given once `opened` has resolved. */
export interface RemoteConnection {
  opened: Promise<unknown>;
  /** Whether commands can reach the server, as far as is known. */
  isOpen(): boolean;
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string, ttl?: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
  /** Ends it once running commands are done. */
  end(): Promise<unknown>;
  /** Ends it at once; running commands reject. */
  destroy(): void;
}

/** Begins to connect. `onBreak` is called at most once, when an open connection is lost without having been ended. */
export type OpenConnection = (onBreak: (error: Error) => void) => RemoteConnection;
