// The extension point for additional kinds of entities.
import type { KindValidator } from '@backstage/catalog-model';
import { createExtensionPoint } from '@greenroom/backend-plugin-api';

/**
 * A kind of entity, and how its documents are validated.
 *
 * @public
 */
export interface EntityKindDefinition {
  /** The kind as spelt in documents, such as `Component`. Case-sensitive. */
  readonly kind: string;
  /** Every `apiVersion` that the validator supports, such as `backstage.io/v1alpha1`. */
  readonly apiVersions: readonly string[];
  /**
   * Called only for entities of this kind and these versions, after their envelope and metadata have been validated.
   * Rejects with an error that says what is wrong. If its message starts with a JSON pointer
   * (`/spec/type must be string`), the line of that field is added. `entityKindSchemaValidator` of
   * `@backstage/catalog-model` creates such messages.
   */
  readonly validator: KindValidator;
  /** Which fields of `spec` refer to other entities. */
  readonly relations?: readonly EntityRelationField[];
}

/**
 * A field of `spec` with a reference, or a list of references, that becomes relations in both directions.
 *
 * @public
 */
export interface EntityRelationField {
  /** The name of the field, such as `owner`. */
  readonly field: string;
  /** The relation from the entity to its target, such as `ownedBy`. */
  readonly type: string;
  /** The relation back from the target, such as `ownerOf`. */
  readonly inverse: string;
  /** The kind to assume for a reference without a kind. Without a default, such a reference is an error. */
  readonly defaultKind?: string;
}

/**
 * Adds kinds to the built-in ones.
 *
 * @public
 */
export interface CatalogEntityKindsExtensionPoint {
  /**
   * Adds kinds. If a kind already exists in one of the same `apiVersions`, the catalog fails to start with a
   * `ConflictError`.
   */
  addEntityKind(...kinds: EntityKindDefinition[]): void;
}

/**
 * Lets modules add kinds of entities to the catalog.
 *
 * @public
 */
export const catalogEntityKindsExtensionPoint = createExtensionPoint<CatalogEntityKindsExtensionPoint>({
  id: 'catalog.entityKinds',
});
