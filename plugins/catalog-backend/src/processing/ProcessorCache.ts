// Keeps what processors store of an entity until its next processing.
import type { JsonObject, JsonValue } from '@backstage/types';
import type { CatalogProcessorCache } from '@greenroom/plugin-catalog-node';

/** One entity's cache; each processor sees its own part. */
export class ProcessorCache {
  readonly #before: JsonObject;
  readonly #after: Record<string, JsonObject> = {};

  constructor(before: JsonObject) {
    this.#before = before;
  }

  of(owner: string): CatalogProcessorCache {
    const stored = Object.hasOwn(this.#before, owner) ? (this.#before[owner] as JsonObject) : {};
    return {
      get: async <T extends JsonValue>(key: string) =>
        Object.hasOwn(stored, key) ? (stored[key] as T) : undefined,
      set: async (key, value) => {
        (this.#after[owner] ??= Object.create(null) as JsonObject)[key] = value;
      },
    };
  }

  /** What to keep: of a processor that stored nothing this time, what it had. */
  collect(): JsonObject {
    return { ...this.#before, ...this.#after };
  }
}
