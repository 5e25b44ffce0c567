// The interface of entity providers, which push entities into the catalog.
import type { Entity } from '@backstage/catalog-model';

/**
 * An entity from a provider, before processing.
 *
 * @public
 */
export interface DeferredEntity {
  entity: Entity;
  /**
   * Identifies the owner of the entity: if there are several sources, only those with the same key can update it. By
   * default any other source can take over.
   */
  locationKey?: string;
}

/**
 * A change to the entities of a provider: `full` replaces all of them, `delta` adds, updates and removes single ones.
 *
 * @public
 */
export type EntityProviderMutation =
  | { type: 'full'; entities: DeferredEntity[] }
  | {
      type: 'delta';
      added: DeferredEntity[];
      removed: Array<DeferredEntity | { entityRef: string; locationKey?: string }>;
    };

/**
 * Which entities to process again.
 *
 * @public
 */
export interface EntityProviderRefreshOptions {
  /** Keys that processors emitted with `processingResult.refresh`, such as `url:https://...` or `file:/...`. */
  keys: string[];
}

/**
 * The connection of a provider to the catalog.
 *
 * @public
 */
export interface EntityProviderConnection {
  /** Applies a change. Resolves when the change is stored; processing continues in the background. */
  applyMutation(mutation: EntityProviderMutation): Promise<void>;
  /** Requests that all entities with one of the keys are processed again soon. */
  refresh(options: EntityProviderRefreshOptions): Promise<void>;
}

/**
 * A source of entities.
 *
 * @public
 */
export interface EntityProvider {
  /**
   * Returns the name of the provider. It must be unique within the catalog and stable over time, because its entities
   * are stored by it.
   */
  getProviderName(): string;
  /** Connects the provider. Called once, when the catalog starts. */
  connect(connection: EntityProviderConnection): Promise<void>;
}
