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
  /** The entity as written in its document. It has a kind and a name, but need not be valid otherwise. */
  unprocessedEntity: Entity;
  /** The errors, at least one. */
  errors: Error[];
}

/**
 * Extends how entities get into the catalog.
 *
 * @public
 */
export interface CatalogProcessingExtensionPoint {
  /** Adds processors. A name that is already taken is a `ConflictError`. */
  addProcessor(...processors: Array<CatalogProcessor | Array<CatalogProcessor>>): void;
  /** Adds providers. A duplicate name is a `ConflictError`. */
  addEntityProvider(...providers: Array<EntityProvider | Array<EntityProvider>>): void;
  /** Adds the placeholder `$key`, or replaces a built-in one. */
  addPlaceholderResolver(key: string, resolver: PlaceholderResolver): void;
  /**
   * Sets a handler that is called for each entity whose processing failed, when its errors are new or have changed.
   * Errors without an entity, such as syntax errors, are reported through `catalogIngestionExtensionPoint`. Setting a
   * second handler throws a `ConflictError`.
   */
  setOnProcessingErrorHandler(handler: (event: ProcessingErrorEvent) => Promise<void> | void): void;
}

/**
 * Lets modules take part in processing. It has the ID of Backstage's extension point, so modules for Backstage's
 * catalog can use it.
 *
 * @public
 */
export const catalogProcessingExtensionPoint = createExtensionPoint<CatalogProcessingExtensionPoint>({
  id: 'catalog.processing',
});
