// Values by key, within a limit of bytes.

/** What an entry takes besides its value. */
const ENTRY_BYTES = 150;
/** A value that takes a larger part of all than this would put out too many others. */
const LARGEST_PART = 1 / 8;

/** Those that were put in first go first. */
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

  /** `valueBytes` is about what the value takes; the key is counted too. */
  set(key: string, value: unknown, valueBytes: number): void {
    this.delete(key);
    const bytes = valueBytes + 2 * key.length + ENTRY_BYTES;
    if (bytes > this.#maxBytes * LARGEST_PART) return;
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    if (this.#bytes > this.#maxBytes) this.#makeRoom();
  }

  /** For several entries at once: looking for the oldest one passes all that were deleted before it. */
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
