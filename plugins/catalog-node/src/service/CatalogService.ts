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
  /** All that fit, in one answer: with many of them, `queryEntities` or `streamEntities` takes less memory. */
  getEntities(
    request: GetEntitiesRequest | undefined,
    options: CatalogServiceRequestOptions,
  ): Promise<GetEntitiesResponse>;
  /** In the order of the references, with `undefined` for what is not there. */
  getEntitiesByRefs(
    request: GetEntitiesByRefsRequest,
    options: CatalogServiceRequestOptions,
  ): Promise<GetEntitiesByRefsResponse>;
  /** A page, of 200 unless `limit` says otherwise, 10,000 at most; `pageInfo.nextCursor` leads to the next one. */
  queryEntities(
    request: QueryEntitiesRequest | undefined,
    options: CatalogServiceRequestOptions,
  ): Promise<QueryEntitiesResponse>;
  /** The entity and what it came from, up to the locations. */
  getEntityAncestors(
    request: GetEntityAncestorsRequest,
    options: CatalogServiceRequestOptions,
  ): Promise<GetEntityAncestorsResponse>;
  /** `undefined` if there is none. */
  getEntityByRef(
    entityRef: string | CompoundEntityRef,
    options: CatalogServiceRequestOptions,
  ): Promise<Entity | undefined>;
  /** It comes back if something still provides it. */
  removeEntityByUid(uid: string, options: CatalogServiceRequestOptions): Promise<void>;
  /** Has it read again soon; resolves before that is done. */
  refreshEntity(entityRef: string, options: CatalogServiceRequestOptions): Promise<void>;
  /** How often each value of a field occurs. */
  getEntityFacets(
    request: GetEntityFacetsRequest,
    options: CatalogServiceRequestOptions,
  ): Promise<GetEntityFacetsResponse>;
  /** All that are registered; what the configuration names is not among them. */
  getLocations(request: {} | undefined, options: CatalogServiceRequestOptions): Promise<GetLocationsResponse>;
  /** A page, of 1,000 unless `limit` says otherwise; `pageInfo.nextCursor` leads to the next one. */
  queryLocations(
    request: QueryLocationsRequest | undefined,
    options: CatalogServiceRequestOptions,
  ): Promise<QueryLocationsResponse>;
  /** Page by page, until there are no more. */
  streamLocations(
    request: QueryLocationsInitialRequest | undefined,
    options: CatalogServiceRequestOptions,
  ): AsyncIterable<Location[]>;
  /** `undefined` if there is none. */
  getLocationById(id: string, options: CatalogServiceRequestOptions): Promise<Location | undefined>;
  /** By a reference such as `url:https://example.com/catalog-info.yaml`; `undefined` if there is none. */
  getLocationByRef(locationRef: string, options: CatalogServiceRequestOptions): Promise<Location | undefined>;
  /** Registers it. With `dryRun` only tells what would come of it. Rejects if it is registered already, unless the catalog is configured to refresh it then. */
  addLocation(
    location: AddLocationRequest,
    options: CatalogServiceRequestOptions,
  ): Promise<AddLocationResponse>;
  /** What came from it alone goes with it. */
  removeLocationById(id: string, options: CatalogServiceRequestOptions): Promise<void>;
  /** Leads a registered location to another place. */
  updateLocation(
    id: string,
    location: { type?: string; target: string },
    options: CatalogServiceRequestOptions,
  ): Promise<Location>;
  /** The one that the entity came from; `undefined` if it came another way. */
  getLocationByEntity(
    entityRef: string | CompoundEntityRef,
    options: CatalogServiceRequestOptions,
  ): Promise<Location | undefined>;
  /** Whether the catalog would take the entity in from that location; stores nothing. */
  validateEntity(
    entity: Entity,
    locationRef: string,
    options: CatalogServiceRequestOptions,
  ): Promise<ValidateEntityResponse>;
  /** What is to be found there; stores nothing. */
  analyzeLocation(
    location: AnalyzeLocationRequest,
    options: CatalogServiceRequestOptions,
  ): Promise<AnalyzeLocationResponse>;
  /** Page by page, until there are no more. */
  streamEntities(
    request: StreamEntitiesRequest | undefined,
    options: CatalogServiceRequestOptions,
  ): AsyncIterable<Entity[]>;
}
