// The interface of a store for cached texts.

/** Stores texts by key. May drop them at any time. */
export interface CacheStore {
  get(key: string): Promise<string | undefined>;
  /** @param ttl - how long to keep the text, in whole milliseconds. Default: no limit. */
  set(key: string, text: string, ttl?: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Rejects if the server does not answer. Undefined if there is no server. */
  check?(): Promise<void>;
  /**
   * Closes the store and drops its texts. One on a server then behaves as if it were empty; one in memory still works.
   */
  close(): Promise<void>;
}
