// The extension point for processors, providers and placeholders.
import type { Entity } from '@backstage/catalog-model';
import { createExtensionPoint } from '@greenroom/backend-plugin-api';
import type { CatalogProcessor } from '../processing/CatalogProcessor';
import type { PlaceholderResolver } from '../processing/PlaceholderResolver';
import type { EntityProvider } from '../providers/EntityProvider';

/**
 * An entity whose processing failed, and why.
 *
 * @public
 */
export interface ProcessingErrorEvent {
  /** As its document has it: not necessarily valid beyond having a kind and a name. */
  unprocessedEntity: Entity;
  /** At least one. */
  errors: Error[];
}

/**
 * Extends how entities come into the catalog.
 *
 * @public
 */
export interface CatalogProcessingExtensionPoint {
  /** Adds processors; one with the name of a built-in one replaces it, any other double name is a `ConflictError`. */
  addProcessor(...processors: Array<CatalogProcessor | Array<CatalogProcessor>>): void;
  /** Adds providers; a name that is there already is a `ConflictError`. */
  addEntityProvider(...providers: Array<EntityProvider | Array<EntityProvider>>): void;
  /** Adds the placeholder `$key`, or replaces a built-in one. */
  addPlaceholderResolver(key: string, resolver: PlaceholderResolver): void;
  /**
   * Called for each entity whose processing failed. What names no entity, such as a syntax error, is seen through
   * `catalogIngestionExtensionPoint`. There is one handler at most: setting a second one throws a `ConflictError`.
   */
  setOnProcessingErrorHandler(handler: (event: ProcessingErrorEvent) => Promise<void> | void): void;
}

/**
 * Lets modules take part in processing; matched by id with modules written for Backstage's catalog.
 *
 * @public
 */
export const catalogProcessingExtensionPoint = createExtensionPoint<CatalogProcessingExtensionPoint>({
  id: 'catalog.processing',
});
