// Merges configuration sources by removing from each what a stronger one replaces.
import type { AppConfig } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { isObject } from '../../isObject';

/**
 * Makes sources, given weakest first, disjoint. Objects are merged, so each source keeps its own keys. Anything else,
 * including `null`, replaces what weaker sources have under the same key.
 *
 * The result can be read by falling back from source to source, and still tells which source a value is from. Falling
 * back through the original sources would find values below a key that a stronger source has set to something else.
 */
export function dropOverridden(sources: readonly AppConfig[]): AppConfig[] {
  // Applies the stronger sources one by one: what one of them replaces stays gone even if the next one sets it again.
  return sources.map((source, index) => ({
    ...source,
    data: sources.slice(index + 1).reduce((data, stronger) => without(data, stronger.data), source.data),
  }));
}

function without(weak: JsonObject, strong: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(weak)) {
    if (!Object.hasOwn(strong, key)) {
      if (value !== undefined) result[key] = value;
      continue;
    }
    const replacement = strong[key];
    if (isObject(value) && isObject(replacement)) result[key] = without(value, replacement);
  }
  return result;
}
