// The interface of entity providers, which push entities into the catalog.
import type { Entity } from '@backstage/catalog-model';

/**
 * An entity as a provider has it, still to be processed.
 *
 * @public
 */
export interface DeferredEntity {
  entity: Entity;
  /** Who may claim the entity: of several sources only those with the same key update it. */
  locationKey?: string;
}

/**
 * A change of what a provider provides: `full` replaces all of it, `delta` adds, updates and removes.
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
 * A provider's way into the catalog.
 *
 * @public
 */
export interface EntityProviderConnection {
  /** Resolves when the change is stored; processing goes on in the background. */
  applyMutation(mutation: EntityProviderMutation): Promise<void>;
  /** Asks for all entities with one of the keys to be processed again soon. */
  refresh(options: EntityProviderRefreshOptions): Promise<void>;
}

/**
 * A source of entities.
 *
 * @public
 */
export interface EntityProvider {
  /** Unique within the catalog and stable over time: what the provider provides goes by it. */
  getProviderName(): string;
  /** Called once, when the catalog starts. */
  connect(connection: EntityProviderConnection): Promise<void>;
}
