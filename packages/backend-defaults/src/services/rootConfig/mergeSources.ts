// Merges the sources of a configuration into one object, as its readers see it, and knows which source each value is from.
import type { AppConfig } from '@backstage/config';
import type { JsonObject, JsonValue } from '@backstage/types';
import type { ConfigPath, ConfigPlace } from './ConfigPlace';
import { isObject } from '../../isObject';
import type { ConfigSource } from './readConfigSources';

/** The merged configuration. */
export interface MergedConfig {
  readonly data: JsonObject;
  /** Where the value at `path`, or its nearest existing ancestor, was written. */
  locate(path: ConfigPath): ConfigPlace;
}

/** Merges sources, given weakest first. Keys set to `null` are left out. */
export function mergeSources(sources: readonly ConfigSource[]): MergedConfig {
  const parts = dropOverridden(sources);
  const data: JsonObject = {};
  for (const part of parts) mergeInto(data, part.data);
  return {
    data,
    locate(path) {
      const depths = parts.map(part => depthOf(part.data, path));
      // If several sources contain the same part of the path, the strongest counts, which is the last one.
      const owner = parts[depths.lastIndexOf(Math.max(...depths))];
      return owner?.locate(path) ?? {};
    },
  };
}

/**
 * Makes sources, given weakest first, disjoint. Objects are merged, so each source keeps its own keys. Anything else,
 * including `null`, replaces what weaker sources have under the same key.
 *
 * The result can be read by falling back from source to source, and still tells which source a value is from. Falling
 * back through the original sources would find values below a key that a stronger source has set to something else.
 */
export function dropOverridden<T extends AppConfig>(sources: readonly T[]): T[] {
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

/** Adds a part that is disjoint from all before it. */
function mergeInto(target: JsonObject, part: JsonObject): void {
  for (const [key, value] of Object.entries(part)) {
    // Variables may hold any JSON, and assigning this key would replace a prototype.
    if (value === null || value === undefined || key === '__proto__') continue;
    if (!isObject(value)) {
      target[key] = value;
      continue;
    }
    const section = Object.hasOwn(target, key) ? (target[key] as JsonObject) : (target[key] = {});
    mergeInto(section, value);
  }
}

/** How many steps of the path exist. */
function depthOf(data: JsonObject, path: ConfigPath): number {
  let value: JsonValue | undefined = data;
  for (const [depth, step] of path.entries()) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return depth;
    value = (value as JsonObject)[step];
  }
  return path.length;
}
