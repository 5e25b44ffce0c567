// Reads `catalog.locations` from the configuration.
import { resolve } from 'node:path';
import type { Config } from '@backstage/config';
import type { LocationSpec } from '@backstage/plugin-catalog-common';

export interface ConfiguredLocation {
  /** For example `catalog.locations[0]`. */
  readonly key: string;
  /** The target of a file location is an absolute path. */
  readonly spec: LocationSpec;
}

/** Resolves relative paths against `directory`. Throws an error with the key if a location has no type or target. */
export function readCatalogLocations(config: Config, directory: string): ConfiguredLocation[] {
  const entries = config.getOptionalConfigArray('catalog.locations') ?? [];
  return entries.map((entry, index) => {
    const type = entry.getString('type');
    const target = entry.getString('target');
    return {
      key: `catalog.locations[${index}]`,
      spec: { type, target: type === 'file' ? resolve(directory, target) : target },
    };
  });
}
