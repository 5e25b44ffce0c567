// The contract of the catalog as other plugins call it.
import type {
  AddLocationRequest,
  AddLocationResponse,
  GetEntitiesByRefsRequest,
  GetEntitiesByRefsResponse,
  GetEntitiesRequest,
  GetEntitiesResponse,
  GetEntityAncestorsRequest,
  GetEntityAncestorsResponse,
  GetEntityFacetsRequest,
  GetEntityFacetsResponse,
  GetLocationsResponse,
  Location,
  QueryEntitiesRequest,
  QueryEntitiesResponse,
  QueryLocationsInitialRequest,
  QueryLocationsRequest,
  QueryLocationsResponse,
  StreamEntitiesRequest,
  ValidateEntityResponse,
} from '@backstage/catalog-client';
import type { CompoundEntityRef, Entity } from '@backstage/catalog-model';
import type { AnalyzeLocationRequest, AnalyzeLocationResponse } from '@backstage/plugin-catalog-common';
import type { BackstageCredentials } from '@greenroom/backend-plugin-api';

/**
 * Options of every call of {@link CatalogService}.
 *
 * @public
 */
export interface CatalogServiceRequestOptions {
  /** On whose behalf the catalog is asked: those of a request, or `auth.getOwnServiceCredentials()`. */
  credentials: BackstageCredentials;
}

/**
 * The catalog, for backend plugins: the methods of `CatalogApi` in `@backstage/catalog-client`, with credentials instead of
 * a token. What these credentials may not see appears not to exist.
 *
 * @public
 */
export interface CatalogService {
  getEntities(
    request: GetEntitiesRequest | undefined,
    options: CatalogServiceRequestOptions,
  ): Promise<GetEntitiesResponse>;
  getEntitiesByRefs(
    request: GetEntitiesByRefsRequest,
    options: CatalogServiceRequestOptions,
  ): Promise<GetEntitiesByRefsResponse>;
  queryEntities(
    request: QueryEntitiesRequest | undefined,
    options: CatalogServiceRequestOptions,
  ): Promise<QueryEntitiesResponse>;
  getEntityAncestors(
    request: GetEntityAncestorsRequest,
    options: CatalogServiceRequestOptions,
  ): Promise<GetEntityAncestorsResponse>;
  getEntityByRef(
    entityRef: string | CompoundEntityRef,
    options: CatalogServiceRequestOptions,
  ): Promise<Entity | undefined>;
  removeEntityByUid(uid: string, options: CatalogServiceRequestOptions): Promise<void>;
  refreshEntity(entityRef: string, options: CatalogServiceRequestOptions): Promise<void>;
  getEntityFacets(
    request: GetEntityFacetsRequest,
    options: CatalogServiceRequestOptions,
  ): Promise<GetEntityFacetsResponse>;
  getLocations(request: {} | undefined, options: CatalogServiceRequestOptions): Promise<GetLocationsResponse>;
  queryLocations(
    request: QueryLocationsRequest | undefined,
    options: CatalogServiceRequestOptions,
  ): Promise<QueryLocationsResponse>;
  streamLocations(
    request: QueryLocationsInitialRequest | undefined,
    options: CatalogServiceRequestOptions,
  ): AsyncIterable<Location[]>;
  getLocationById(id: string, options: CatalogServiceRequestOptions): Promise<Location | undefined>;
  getLocationByRef(locationRef: string, options: CatalogServiceRequestOptions): Promise<Location | undefined>;
  addLocation(
    location: AddLocationRequest,
    options: CatalogServiceRequestOptions,
  ): Promise<AddLocationResponse>;
  removeLocationById(id: string, options: CatalogServiceRequestOptions): Promise<void>;
  updateLocation(
    id: string,
    location: { type?: string; target: string },
    options: CatalogServiceRequestOptions,
  ): Promise<Location>;
  getLocationByEntity(
    entityRef: string | CompoundEntityRef,
    options: CatalogServiceRequestOptions,
  ): Promise<Location | undefined>;
  validateEntity(
    entity: Entity,
    locationRef: string,
    options: CatalogServiceRequestOptions,
  ): Promise<ValidateEntityResponse>;
  analyzeLocation(
    location: AnalyzeLocationRequest,
    options: CatalogServiceRequestOptions,
  ): Promise<AnalyzeLocationResponse>;
  streamEntities(
    request: StreamEntitiesRequest | undefined,
    options: CatalogServiceRequestOptions,
  ): AsyncIterable<Entity[]>;
}
