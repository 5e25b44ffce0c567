// The part of Backstage's extension point `catalog.processing` that this catalog has so far.
import type { Entity } from '@backstage/catalog-model';
import { createExtensionPoint } from '@greenroom/backend-plugin-api';

/**
 * An entity that did not make it into the catalog, and why.
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
 * Observes how entities are processed.
 *
 * @public
 */
export interface CatalogProcessingExtensionPoint {
  /**
   * Called for each refused document that names an entity. What names none, such as a syntax error, is seen through
   * `catalogIngestionExtensionPoint`. There is one handler at most: setting a second one throws a `ConflictError`.
   */
  setOnProcessingErrorHandler(handler: (event: ProcessingErrorEvent) => Promise<void> | void): void;
}

/**
 * Lets modules observe processing; matched by id with modules written for Backstage's catalog.
 *
 * @public
 */
export const catalogProcessingExtensionPoint = createExtensionPoint<CatalogProcessingExtensionPoint>({
  id: 'catalog.processing',
});
