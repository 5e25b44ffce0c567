// Reads the configuration key `catalog.locations`.
import { resolve } from 'node:path';
import type { Config } from '@backstage/config';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import type { IngestionRefusal } from '@greenroom/plugin-catalog-node';

/** A location as configuration has it. */
export interface ConfiguredLocation {
  /** Such as `catalog.locations[0]`. */
  readonly key: string;
  /** With an absolute path if it is a file; absent where the entry makes no sense. */
  readonly spec?: LocationSpec;
  readonly refusal?: IngestionRefusal;
}

/** Relative paths start at `directory`. An entry that makes no sense is refused and the others are read. */
export function readCatalogLocations(config: Config, directory: string): ConfiguredLocation[] {
  const entries = config.getOptional<unknown>('catalog.locations') ?? [];
  if (!Array.isArray(entries)) {
    return [refuse('catalog.locations', 'it must be a list of locations, each with type and target')];
  }
  return entries.map((entry: unknown, index) => {
    const key = `catalog.locations[${index}]`;
    const { type, target } = Object(entry) as Record<string, unknown>;
    if (typeof type !== 'string' || typeof target !== 'string' || !type || !target) {
      return refuse(
        key,
        "a location needs 'type' and 'target', such as {type: file, target: ./catalog/*.yaml}",
      );
    }
    return { key, spec: { type, target: type === 'file' ? resolve(directory, target) : target } };
  });
}

function refuse(key: string, reason: string): ConfiguredLocation {
  return { key, refusal: { subject: 'location', file: key, reason } };
}
