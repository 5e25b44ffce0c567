// Keeps what processors store about an entity until it is processed again.
import type { JsonObject, JsonValue } from '@backstage/types';
import type { CatalogProcessorCache } from '@greenroom/plugin-catalog-node';
import { storableJson } from './storable';

/** The cache of one entity. Each processor sees its own part. */
export class ProcessorCache {
  readonly #before: JsonObject;
  readonly #after: Record<string, JsonObject> = {};

  /** @param before - what `collect` returned the last time */
  constructor(before: string) {
    this.#before = JSON.parse(before) as JsonObject;
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

  /** What to store, as JSON. A processor that has set nothing this time keeps its previous values. */
  collect(): string {
    return storableJson({ ...this.#before, ...this.#after });
  }
}
