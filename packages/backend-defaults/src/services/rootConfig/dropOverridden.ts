// Merges sources of configuration by taking out of each what a stronger one replaces.
import type { AppConfig } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { isObject } from '../../isObject';

/**
 * Makes sources, weakest first, disjoint: objects merge, so their keys stay apart in each source; anything else,
 * `null` included, takes the place of what weaker sources have under the same key.
 *
 * What is left can be read by falling back from source to source, and each value still tells where it came from.
 * Reading them as they are would find a value below a key that a stronger source set to something else.
 */
export function dropOverridden(sources: readonly AppConfig[]): AppConfig[] {
  // One stronger source after the other, since what one of them replaces stays replaced if the next one sets it anew.
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
