// What a place that keeps cached texts must be able to do.

/** Keeps texts by key, for as long as it sees fit. */
export interface CacheStore {
  get(key: string): Promise<string | undefined>;
  /** @param ttl - whole milliseconds to keep the text; without limit where it is not given. */
  set(key: string, text: string, ttl?: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Rejects where the server does not answer; without it there is none. */
  check?(): Promise<void>;
  /** Ends what is open. The store answers afterwards as if it were empty. */
  close(): Promise<void>;
}
