// The results that processors emit.
import type { CompoundEntityRef, Entity } from '@backstage/catalog-model';
import type { LocationSpec } from '@backstage/plugin-catalog-common';

/**
 * A relation from one entity to another; neither has to be the one that is processed.
 *
 * @public
 */
export interface EntityRelationSpec {
  source: CompoundEntityRef;
  /** Such as `ownedBy`. */
  type: string;
  target: CompoundEntityRef;
}

/**
 * A location to read on.
 *
 * @public
 */
export interface CatalogProcessorLocationResult {
  type: 'location';
  location: LocationSpec;
}

/**
 * An entity that is there because of the processed one.
 *
 * @public
 */
export interface CatalogProcessorEntityResult {
  type: 'entity';
  entity: Entity;
  location: LocationSpec;
  /**
   * Who may claim the entity: of several sources only those with the same key update it. By default made from the
   * location; `null` lets any source with a key take over.
   */
  locationKey?: string | null;
}

/**
 * A relation that lives as long as the processed entity emits it.
 *
 * @public
 */
export interface CatalogProcessorRelationResult {
  type: 'relation';
  relation: EntityRelationSpec;
}

/**
 * Something that went wrong; told as the status of the processed entity.
 *
 * @public
 */
export interface CatalogProcessorErrorResult {
  type: 'error';
  error: Error;
  location: LocationSpec;
}

/**
 * A key by which the processed entity can be asked to be processed again.
 *
 * @public
 */
export interface CatalogProcessorRefreshKeysResult {
  type: 'refresh';
  key: string;
}

/**
 * Anything that a processor may emit.
 *
 * @public
 */
export type CatalogProcessorResult =
  | CatalogProcessorLocationResult
  | CatalogProcessorEntityResult
  | CatalogProcessorRelationResult
  | CatalogProcessorErrorResult
  | CatalogProcessorRefreshKeysResult;
