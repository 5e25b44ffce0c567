// Names and functions of `@backstage/catalog-model` for use at startup. The functions load the package on first use.
import type * as CatalogModel from '@backstage/catalog-model';
import { loadCatalogModel } from './loadCatalogModel';

type Model = typeof CatalogModel;
/** The literal type in the model, so that the compiler checks each name. */
type NameOf<TKey extends keyof Model> = Model[TKey];

export const ANNOTATION_EDIT_URL: NameOf<'ANNOTATION_EDIT_URL'> = 'backstage.io/edit-url';
export const ANNOTATION_LOCATION: NameOf<'ANNOTATION_LOCATION'> = 'backstage.io/managed-by-location';
export const ANNOTATION_ORIGIN_LOCATION: NameOf<'ANNOTATION_ORIGIN_LOCATION'> =
  'backstage.io/managed-by-origin-location';
export const ANNOTATION_SOURCE_LOCATION: NameOf<'ANNOTATION_SOURCE_LOCATION'> =
  'backstage.io/source-location';
export const ANNOTATION_VIEW_URL: NameOf<'ANNOTATION_VIEW_URL'> = 'backstage.io/view-url';

export const RELATION_API_CONSUMED_BY: NameOf<'RELATION_API_CONSUMED_BY'> = 'apiConsumedBy';
export const RELATION_API_PROVIDED_BY: NameOf<'RELATION_API_PROVIDED_BY'> = 'apiProvidedBy';
export const RELATION_CHILD_OF: NameOf<'RELATION_CHILD_OF'> = 'childOf';
export const RELATION_CONSUMES_API: NameOf<'RELATION_CONSUMES_API'> = 'consumesApi';
export const RELATION_DEPENDENCY_OF: NameOf<'RELATION_DEPENDENCY_OF'> = 'dependencyOf';
export const RELATION_DEPENDS_ON: NameOf<'RELATION_DEPENDS_ON'> = 'dependsOn';
export const RELATION_HAS_MEMBER: NameOf<'RELATION_HAS_MEMBER'> = 'hasMember';
export const RELATION_HAS_PART: NameOf<'RELATION_HAS_PART'> = 'hasPart';
export const RELATION_MEMBER_OF: NameOf<'RELATION_MEMBER_OF'> = 'memberOf';
export const RELATION_OWNED_BY: NameOf<'RELATION_OWNED_BY'> = 'ownedBy';
export const RELATION_OWNER_OF: NameOf<'RELATION_OWNER_OF'> = 'ownerOf';
export const RELATION_PARENT_OF: NameOf<'RELATION_PARENT_OF'> = 'parentOf';
export const RELATION_PART_OF: NameOf<'RELATION_PART_OF'> = 'partOf';
export const RELATION_PROVIDES_API: NameOf<'RELATION_PROVIDES_API'> = 'providesApi';

export const getCompoundEntityRef: Model['getCompoundEntityRef'] = entity =>
  loadCatalogModel().getCompoundEntityRef(entity);
export const isLocationEntity = ((entity: CatalogModel.Entity) =>
  loadCatalogModel().isLocationEntity(entity)) as Model['isLocationEntity'];
export const parseEntityRef: Model['parseEntityRef'] = (ref, context) =>
  loadCatalogModel().parseEntityRef(ref, context);
export const parseLocationRef: Model['parseLocationRef'] = ref => loadCatalogModel().parseLocationRef(ref);
export const stringifyEntityRef: Model['stringifyEntityRef'] = ref =>
  loadCatalogModel().stringifyEntityRef(ref);
export const stringifyLocationRef: Model['stringifyLocationRef'] = ref =>
  loadCatalogModel().stringifyLocationRef(ref);
