// The results that processors emit.
import type { CompoundEntityRef, Entity } from '@backstage/catalog-model';
import type { LocationSpec } from '@backstage/plugin-catalog-common';

/**
 * A relation from one entity to another. Neither has to be the processed entity.
 *
 * @public
 */
export interface EntityRelationSpec {
  source: CompoundEntityRef;
  /** The type of the relation, such as `ownedBy`. */
  type: string;
  target: CompoundEntityRef;
}

/**
 * A further location to read.
 *
 * @public
 */
export interface CatalogProcessorLocationResult {
  type: 'location';
  location: LocationSpec;
}

/**
 * An entity that exists because of the processed entity.
 *
 * @public
 */
export interface CatalogProcessorEntityResult {
  type: 'entity';
  entity: Entity;
  location: LocationSpec;
  /**
   * Identifies the owner of the entity: if there are several sources, only those with the same key can update it.
   * Derived from the location by default. With `null`, any other source can take over.
   */
  locationKey?: string | null;
}

/**
 * A relation that exists as long as the processed entity emits it.
 *
 * @public
 */
export interface CatalogProcessorRelationResult {
  type: 'relation';
  relation: EntityRelationSpec;
}

/**
 * An error, which is reported in the status of the processed entity.
 *
 * @public
 */
export interface CatalogProcessorErrorResult {
  type: 'error';
  error: Error;
  location: LocationSpec;
}

/**
 * A key with which processing of the entity can be requested again.
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
