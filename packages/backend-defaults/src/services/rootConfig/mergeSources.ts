// Merges the sources of a configuration into one object, as its readers see it, and knows which source each value is from.
import type { JsonObject, JsonValue } from '@backstage/types';
import type { ConfigPath, ConfigPlace } from './ConfigPlace';
import { isObject } from '../../isObject';
import { dropOverridden } from './dropOverridden';
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
      let deepest = -1;
      let owner: ConfigSource | undefined;
      // Strongest first: if several sources contain the same part of the path, the strongest counts.
      for (let index = sources.length - 1; index >= 0; index--) {
        const depth = depthOf(parts[index]!.data, path);
        if (depth <= deepest) continue;
        deepest = depth;
        owner = sources[index];
      }
      return owner?.locate(path) ?? {};
    },
  };
}

function mergeInto(target: JsonObject, part: JsonObject): void {
  for (const [key, value] of Object.entries(part)) {
    // Variables may hold any JSON, and assigning this key would replace a prototype.
    if (value === null || value === undefined || key === '__proto__') continue;
    if (!isObject(value)) {
      target[key] = value;
      continue;
    }
    const known = Object.hasOwn(target, key) ? target[key] : undefined;
    const section = isObject(known) ? known : {};
    target[key] = section;
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
