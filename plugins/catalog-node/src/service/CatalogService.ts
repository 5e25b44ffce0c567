// The interface through which other plugins call the catalog.
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
  /** The credentials to use: those of a request, or `auth.getOwnServiceCredentials()`. */
  credentials: BackstageCredentials;
}

/**
 * The catalog for backend plugins. It has the methods of `CatalogApi` in `@backstage/catalog-client`, with credentials
 * instead of a token. Entities that these credentials may not see appear not to exist. If the catalog rejects a
 * request, the method rejects with a `ResponseError`.
 *
 * @public
 */
export interface CatalogService {
  /**
   * Returns all matching entities at once. If there are many, `queryEntities` or `streamEntities` needs less memory.
   */
  getEntities(
    request: GetEntitiesRequest | undefined,
    options: CatalogServiceRequestOptions,
  ): Promise<GetEntitiesResponse>;
  /** Returns entities in the order of the references, with `undefined` for those that do not exist. */
  getEntitiesByRefs(
    request: GetEntitiesByRefsRequest,
    options: CatalogServiceRequestOptions,
  ): Promise<GetEntitiesByRefsResponse>;
  /** Returns a page of entities: 200 by default, `limit` up to 10,000. `pageInfo.nextCursor` leads to the next page. */
  queryEntities(
    request: QueryEntitiesRequest | undefined,
    options: CatalogServiceRequestOptions,
  ): Promise<QueryEntitiesResponse>;
  /** Returns the entity and its ancestors, up to the locations. */
  getEntityAncestors(
    request: GetEntityAncestorsRequest,
    options: CatalogServiceRequestOptions,
  ): Promise<GetEntityAncestorsResponse>;
  /** Returns the entity with a reference; `undefined` if there is none. */
  getEntityByRef(
    entityRef: string | CompoundEntityRef,
    options: CatalogServiceRequestOptions,
  ): Promise<Entity | undefined>;
  /** Removes an entity. It is added again if a source still provides it. */
  removeEntityByUid(uid: string, options: CatalogServiceRequestOptions): Promise<void>;
  /** Requests that the entity is read again soon. Resolves before that is done. */
  refreshEntity(entityRef: string, options: CatalogServiceRequestOptions): Promise<void>;
  /** Returns how often each value of a field occurs. */
  getEntityFacets(
    request: GetEntityFacetsRequest,
    options: CatalogServiceRequestOptions,
  ): Promise<GetEntityFacetsResponse>;
  /** Returns all registered locations, but not those in the configuration. */
  getLocations(request: {} | undefined, options: CatalogServiceRequestOptions): Promise<GetLocationsResponse>;
  /** Returns a page of locations: 1,000 by default, or `limit`. `pageInfo.nextCursor` leads to the next page. */
  queryLocations(
    request: QueryLocationsRequest | undefined,
    options: CatalogServiceRequestOptions,
  ): Promise<QueryLocationsResponse>;
  /** Yields all matching locations, page by page. */
  streamLocations(
    request: QueryLocationsInitialRequest | undefined,
    options: CatalogServiceRequestOptions,
  ): AsyncIterable<Location[]>;
  /** Returns the location with an ID; `undefined` if there is none. */
  getLocationById(id: string, options: CatalogServiceRequestOptions): Promise<Location | undefined>;
  /**
   * Returns the location with a reference such as `url:https://example.com/catalog-info.yaml`; `undefined` if there
   * is none.
   */
  getLocationByRef(locationRef: string, options: CatalogServiceRequestOptions): Promise<Location | undefined>;
  /**
   * Registers a location. With `dryRun` it only returns what would result. Rejects if the location is already
   * registered, unless the catalog is configured to refresh it in that case.
   */
  addLocation(
    location: AddLocationRequest,
    options: CatalogServiceRequestOptions,
  ): Promise<AddLocationResponse>;
  /** Removes a location, and the entities that came only from it. */
  removeLocationById(id: string, options: CatalogServiceRequestOptions): Promise<void>;
  /** Changes the target of a registered location. */
  updateLocation(
    id: string,
    location: { type?: string; target: string },
    options: CatalogServiceRequestOptions,
  ): Promise<Location>;
  /** Returns the location that the entity came from; `undefined` if it did not come from a location. */
  getLocationByEntity(
    entityRef: string | CompoundEntityRef,
    options: CatalogServiceRequestOptions,
  ): Promise<Location | undefined>;
  /** Validates an entity as if it came from the given location. Stores nothing. */
  validateEntity(
    entity: Entity,
    locationRef: string,
    options: CatalogServiceRequestOptions,
  ): Promise<ValidateEntityResponse>;
  /** Analyzes what a location contains. Stores nothing. */
  analyzeLocation(
    location: AnalyzeLocationRequest,
    options: CatalogServiceRequestOptions,
  ): Promise<AnalyzeLocationResponse>;
  /** Yields all matching entities, page by page. */
  streamEntities(
    request: StreamEntitiesRequest | undefined,
    options: CatalogServiceRequestOptions,
  ): AsyncIterable<Entity[]>;
}
