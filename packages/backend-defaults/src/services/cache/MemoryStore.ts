// Keeps cached texts in the memory of the process, within a bound.
import type { CacheStore } from './CacheStore';

interface Entry {
  text: string;
  bytes: number;
  expiresAt: number;
}

// What an entry costs beside its texts, by measurement of a map with a million of them.
const entryOverhead = 150;

/**
 * A store of at most `maxBytes`, estimated; what was not used for longest goes first. A text above the bound is not kept.
 *
 * @public
 */
export class MemoryStore implements CacheStore {
  // A map keeps the order in which keys were set, which is the order of use here.
  readonly #entries = new Map<string, Entry>();
  // Going on with one iterator, because a new one would step over all that was removed since the map last grew.
  readonly #oldest = this.#entries.entries();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(options: { maxBytes: number }) {
    this.#maxBytes = options.maxBytes;
  }

  /** How many bytes the entries take, estimated; expired ones count until they are asked for or pushed out. */
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
