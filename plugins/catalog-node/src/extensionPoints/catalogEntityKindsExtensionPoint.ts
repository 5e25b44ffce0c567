// The extension point for additional kinds of entities.
import type { KindValidator } from '@backstage/catalog-model';
import { createExtensionPoint } from '@greenroom/backend-plugin-api';

/**
 * A kind of entity, and how its documents are checked.
 *
 * @public
 */
export interface EntityKindDefinition {
  /** As documents spell it, such as `Component`; matched case-sensitively. */
  readonly kind: string;
  /** Every `apiVersion` that the validator understands, such as `backstage.io/v1alpha1`. */
  readonly apiVersions: readonly string[];
  /**
   * Sees entities of this kind and these versions only, after their envelope and metadata were found valid. Rejects with
   * an error that says what is wrong; a message that starts with a JSON pointer (`/spec/type must be string`) gets the
   * line of that field. `entityKindSchemaValidator` of `@backstage/catalog-model` makes such messages.
   */
  readonly validator: KindValidator;
  /** Which fields of `spec` refer to other entities. */
  readonly relations?: readonly EntityRelationField[];
}

/**
 * A field of `spec` with a reference, or a list of them, that becomes relations in both directions.
 *
 * @public
 */
export interface EntityRelationField {
  /** Such as `owner`. */
  readonly field: string;
  /** From the entity to the one referred to, such as `ownedBy`. */
  readonly type: string;
  /** Back, such as `ownerOf`. */
  readonly inverse: string;
  /** The kind that a reference without one means; without a default such a reference is an error. */
  readonly defaultKind?: string;
}

/**
 * Adds kinds beside the built-in ones.
 *
 * @public
 */
export interface CatalogEntityKindsExtensionPoint {
  /** A kind that is there already, in one of the same `apiVersions`, lets the catalog fail to start with a `ConflictError`. */
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
