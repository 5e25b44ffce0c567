// The interface of processors, which turn locations and raw documents into entities.
import type { Entity } from '@backstage/catalog-model';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import type { JsonValue } from '@backstage/types';
import type { CatalogProcessorResult } from './CatalogProcessorResult';

/**
 * Takes part in the processing of every entity. Each step runs for all processors, in the order of their priority and
 * then in the order in which they were added, before the next step begins: `preProcessEntity`, `validateEntityKind`
 * (until one returns true, before the catalog's own validation), `readLocation` (for entities of kind Location, until
 * one returns true), `postProcessEntity`.
 *
 * @public
 */
export interface CatalogProcessor {
  /**
   * Returns the name of the processor. It must be unique within the catalog and stable over time, because stored data
   * is keyed by it.
   */
  getProcessorName(): string;
  /**
   * Reads a location and emits what it finds. Called before the catalog's own readers, of `url` and `file`.
   *
   * @param optional - Whether the target may be missing without an error
   * @returns Whether the location is of a type that this processor reads
   */
  readLocation?(
    location: LocationSpec,
    optional: boolean,
    emit: CatalogProcessorEmit,
    parser: CatalogProcessorParser,
    cache: CatalogProcessorCache,
  ): Promise<boolean>;
  /**
   * Completes an entity before it is validated.
   *
   * @param location - Where the entity was read from
   * @param originLocation - The first location on the way to the entity
   * @returns The entity or a modified copy
   */
  preProcessEntity?(
    entity: Entity,
    location: LocationSpec,
    emit: CatalogProcessorEmit,
    originLocation: LocationSpec,
    cache: CatalogProcessorCache,
  ): Promise<Entity>;
  /**
   * Validates an entity by its kind.
   *
   * @returns True if the kind is known and the entity is valid, false if the kind is unknown. Rejects if the kind is
   * known and the entity is invalid
   */
  validateEntityKind?(entity: Entity): Promise<boolean>;
  /**
   * Receives a valid entity, and may emit relations and further entities.
   *
   * @returns The entity or a modified copy
   */
  postProcessEntity?(
    entity: Entity,
    location: LocationSpec,
    emit: CatalogProcessorEmit,
    cache: CatalogProcessorCache,
  ): Promise<Entity>;
  /** Returns the priority. Processors with a lower priority run earlier. Defaults to 20. */
  getPriority?(): number;
}

/**
 * Parses a file into entities or errors, one per document.
 *
 * @public
 */
export type CatalogProcessorParser = (options: {
  data: Buffer;
  location: LocationSpec;
}) => AsyncIterable<CatalogProcessorResult>;

/**
 * Keeps the values of a processor for an entity until the entity is processed again. If a run stores nothing, the
 * previous values are kept. If it stores something, only that is available in the next run.
 *
 * @public
 */
export interface CatalogProcessorCache {
  get<ItemType extends JsonValue>(key: string): Promise<ItemType | undefined>;
  set<ItemType extends JsonValue>(key: string, value: ItemType): Promise<void>;
}

/**
 * Receives what a processor produces in addition to the entity itself.
 *
 * @public
 */
export type CatalogProcessorEmit = (generated: CatalogProcessorResult) => void;
