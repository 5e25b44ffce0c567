// Reads the configuration key `catalog.locations`.
import { resolve } from 'node:path';
import type { Config } from '@backstage/config';
import type { LocationSpec } from '@backstage/plugin-catalog-common';

export interface ConfiguredLocation {
  /** Such as `catalog.locations[0]`. */
  readonly key: string;
  /** With an absolute path if it is a file. */
  readonly spec: LocationSpec;
}

/** Relative paths start at `directory`. Throws an error with the key where a location has no type or no target. */
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
