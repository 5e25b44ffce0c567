// The only reader of the configuration key `catalog.locations`.
import type { Config } from '@backstage/config';
import type { IngestionRefusal } from '@greenroom/plugin-catalog-node';
import type { LocationTarget } from '../ingestion/LocationTarget';

/** The locations to read, and those that can't be. */
export interface CatalogLocations {
  readonly targets: LocationTarget[];
  readonly refused: IngestionRefusal[];
}

/**
 * Reads `catalog.locations`; relative targets start at `directory`. An unusable location is refused by itself, so that
 * it does not keep the others from being read.
 */
export function readCatalogLocations(config: Config, directory: string): CatalogLocations {
  const targets: LocationTarget[] = [];
  const refused: IngestionRefusal[] = [];
  const locations = config.getOptional('catalog.locations') ?? [];
  if (!Array.isArray(locations)) {
    return { targets, refused: [refusal('catalog.locations', 'must be a list of locations')] };
  }
  locations.forEach((location, index) => {
    const key = `catalog.locations[${index}]`;
    const { type, target } = Object(location) as Record<string, unknown>;
    if (typeof type !== 'string' || !type) {
      refused.push(refusal(key, "needs a 'type', such as 'file'"));
    } else if (typeof target !== 'string' || !target) {
      refused.push(refusal(key, "needs a 'target', such as './catalog/*.yaml'"));
    } else {
      targets.push({ type, target, directory, optional: false, namedBy: { file: key } });
    }
  });
  return { targets, refused };
}

function refusal(key: string, reason: string): IngestionRefusal {
  return { subject: 'location', file: key, reason };
}
