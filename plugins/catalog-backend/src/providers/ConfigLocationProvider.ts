// Provides the configured locations.
import {
  type EntityProvider,
  type EntityProviderConnection,
  locationSpecToLocationEntity,
} from '@greenroom/plugin-catalog-node';
import type { ConfiguredLocation } from '../config/readCatalogLocations';
import { rememberLines } from '../ingestion/DocumentLines';

/** One Location entity for each. Errors point to the configuration key. */
export class ConfigLocationProvider implements EntityProvider {
  readonly #locations: readonly ConfiguredLocation[];

  constructor(locations: readonly ConfiguredLocation[]) {
    this.#locations = locations;
  }

  getProviderName(): string {
    return 'ConfigLocationProvider';
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    const entities = this.#locations.map(({ key, spec }) => {
      const entity = locationSpecToLocationEntity({ location: spec });
      rememberLines(entity, { file: key, lines: {} });
      return { entity, locationKey: `${spec.type}:${spec.target}` };
    });
    await connection.applyMutation({ type: 'full', entities });
  }
}
