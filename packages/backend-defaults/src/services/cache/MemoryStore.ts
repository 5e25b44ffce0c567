// Keeps cached texts in memory, up to a maximum size.
import type { CacheStore } from './CacheStore';

interface Entry {
  text: string;
  bytes: number;
  expiresAt: number;
}

// The overhead per entry, measured on a map with a million entries.
const entryOverhead = 150;

/**
 * A store of at most `maxBytes` (estimated) that evicts the least recently used entries first. Does not store a text
 * larger than that.
 *
 * @public
 */
export class MemoryStore implements CacheStore {
  // Maps keep insertion order, and every use inserts a key again, so this is the order of use.
  readonly #entries = new Map<string, Entry>();
  // A single iterator, because a new one would step over all entries deleted since the map last grew.
  readonly #oldest = this.#entries.entries();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(options: { maxBytes: number }) {
    this.#maxBytes = options.maxBytes;
  }

  /** The estimated size of all entries. Expired ones count until they are read or evicted. */
  get bytes(): number {
    return this.#bytes;
  }

  async get(key: string): Promise<string | undefined> {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    if (entry.expiresAt <= performance.now()) {
      this.#remove(key, entry);
      return undefined;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.text;
  }

  async set(key: string, text: string, ttl = Infinity): Promise<void> {
    const previous = this.#entries.get(key);
    if (previous) {
      this.#remove(key, previous);
    }
    const bytes = 2 * (key.length + text.length) + entryOverhead;
    if (bytes <= this.#maxBytes) {
      this.#entries.set(key, { text, bytes, expiresAt: performance.now() + ttl });
      this.#bytes += bytes;
      this.#shrink();
    }
  }

  async delete(key: string): Promise<void> {
    const entry = this.#entries.get(key);
    if (entry) this.#remove(key, entry);
  }

  async close(): Promise<void> {
    this.#entries.clear();
    this.#bytes = 0;
  }

  #shrink(): void {
    while (this.#bytes > this.#maxBytes) {
      this.#remove(...this.#oldest.next().value!);
    }
  }

  #remove(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}
