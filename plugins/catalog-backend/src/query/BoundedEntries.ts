// A map that is limited to a number of bytes.

/** The overhead of an entry. */
const ENTRY_BYTES = 150;
/** A value that takes up more than this fraction is not kept, because it would evict too many others. */
const LARGEST_PART = 1 / 8;

/** Evicts the oldest entries first. */
export class BoundedEntries {
  readonly #maxBytes: number;
  readonly #entries = new Map<string, { readonly value: unknown; readonly bytes: number }>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get<T>(key: string): T | undefined {
    return this.#entries.get(key)?.value as T | undefined;
  }

  /** `valueBytes` is the approximate size of the value; the key is added to it. */
  set(key: string, value: unknown, valueBytes: number): void {
    this.delete(key);
    const bytes = valueBytes + 2 * key.length + ENTRY_BYTES;
    if (bytes > this.#maxBytes * LARGEST_PART) return;
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    if (this.#bytes > this.#maxBytes) this.#makeRoom();
  }

  /** Evicts several entries at once, because each iteration has to skip all previously deleted ones. */
  #makeRoom(): void {
    for (const oldest of this.#entries.keys()) {
      this.delete(oldest);
      if (this.#bytes <= this.#maxBytes * (1 - LARGEST_PART)) return;
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}
