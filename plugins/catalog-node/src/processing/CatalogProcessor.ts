// The interface of processors, which turn locations and raw documents into entities.
import type { Entity } from '@backstage/catalog-model';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import type { JsonValue } from '@backstage/types';
import type { CatalogProcessorResult } from './CatalogProcessorResult';

/**
 * Takes part in the processing of every entity. Each step runs for all processors, in the order of their priority and
 * then in the order in which they were added, before the next step begins: `preProcessEntity`, `validateEntityKind`,
 * `readLocation` (for entities of kind Location), `postProcessEntity`.
 *
 * @public
 */
export interface CatalogProcessor {
  /** Unique within the catalog and stable over time: what the processor stores goes by it. */
  getProcessorName(): string;
  /**
   * Reads a location and emits what is there.
   *
   * @param optional - Whether a missing target is no error
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
   * Completes an entity that is not validated yet.
   *
   * @param location - Where the entity is directly from
   * @param originLocation - Where the way to the entity began
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
   * Judges an entity by its kind.
   *
   * @returns True if the kind is known and the entity valid, false if the kind is not known; rejects if it is known and the
   * entity is not valid
   */
  validateEntityKind?(entity: Entity): Promise<boolean>;
  /**
   * Sees an entity that is valid, and may emit relations and further entities.
   *
   * @returns The entity or a modified copy
   */
  postProcessEntity?(
    entity: Entity,
    location: LocationSpec,
    emit: CatalogProcessorEmit,
    cache: CatalogProcessorCache,
  ): Promise<Entity>;
  /** Lower is earlier; 20 without this method. */
  getPriority?(): number;
}

/**
 * Turns the bytes of a file into entities, or errors, one a document.
 *
 * @public
 */
export type CatalogProcessorParser = (options: {
  data: Buffer;
  location: LocationSpec;
}) => AsyncIterable<CatalogProcessorResult>;

/**
 * Keeps values of one processor for one entity until the next processing of that entity. If a run stores nothing, the
 * values stay; if it stores something, only that is there in the next run.
 *
 * @public
 */
export interface CatalogProcessorCache {
  get<ItemType extends JsonValue>(key: string): Promise<ItemType | undefined>;
  set<ItemType extends JsonValue>(key: string, value: ItemType): Promise<void>;
}

/**
 * Takes what a processor produces beside the entity itself.
 *
 * @public
 */
export type CatalogProcessorEmit = (generated: CatalogProcessorResult) => void;
