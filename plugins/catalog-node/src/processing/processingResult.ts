// Creates the results that processors emit.
import type { Entity } from '@backstage/catalog-model';
import { InputError, NotFoundError } from '@backstage/errors';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import type { CatalogProcessorResult, EntityRelationSpec } from './CatalogProcessorResult';

/**
 * Creates the results that a processor emits.
 *
 * @example
 * ```ts
 * emit(processingResult.relation({ source, type: 'ownedBy', target }));
 * ```
 *
 * @public
 */
export const processingResult = Object.freeze({
  /** Reports a `NotFoundError`. */
  notFoundError: (atLocation: LocationSpec, message: string): CatalogProcessorResult => ({
    type: 'error',
    location: atLocation,
    error: new NotFoundError(message),
  }),
  /** Reports an `InputError`. */
  inputError: (atLocation: LocationSpec, message: string): CatalogProcessorResult => ({
    type: 'error',
    location: atLocation,
    error: new InputError(message),
  }),
  /** Reports any other error. */
  generalError: (atLocation: LocationSpec, message: string): CatalogProcessorResult => ({
    type: 'error',
    location: atLocation,
    error: new Error(message),
  }),
  /** Adds a further location to read, like an entity of kind Location. */
  location: (newLocation: LocationSpec): CatalogProcessorResult => ({
    type: 'location',
    location: newLocation,
  }),
  /** Adds an entity that was found at `atLocation`. */
  entity: (
    atLocation: LocationSpec,
    newEntity: Entity,
    options?: { locationKey?: string | null },
  ): CatalogProcessorResult => ({
    type: 'entity',
    location: atLocation,
    entity: newEntity,
    ...(options?.locationKey !== undefined && { locationKey: options.locationKey }),
  }),
  /** Relates two entities, as long as the processed entity exists. */
  relation: (spec: EntityRelationSpec): CatalogProcessorResult => ({ type: 'relation', relation: spec }),
  /** Allows the processed entity to be refreshed by `key`. */
  refresh: (key: string): CatalogProcessorResult => ({ type: 'refresh', key }),
} as const);
