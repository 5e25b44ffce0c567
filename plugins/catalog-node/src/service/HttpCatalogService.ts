// Calls the catalog over HTTP, wherever discovery says that it runs.
import type { CatalogApi, CatalogRequestOptions } from '@backstage/catalog-client';
import type { AuthService, DiscoveryService } from '@greenroom/backend-plugin-api';
import type { CatalogService, CatalogServiceRequestOptions } from './CatalogService';

/** Puts a token for the catalog beside each call of the published client, which does the rest. */
export class HttpCatalogService implements CatalogService {
  readonly #auth: AuthService;
  readonly #discovery: DiscoveryService;
  #client: Promise<CatalogApi> | undefined;

  constructor({ auth, discovery }: { auth: AuthService; discovery: DiscoveryService }) {
    this.#auth = auth;
    this.#discovery = discovery;
  }

  readonly getEntities: CatalogService['getEntities'] = (request, options) =>
    this.#call(options, (client, token) => client.getEntities(request, token));
  readonly getEntitiesByRefs: CatalogService['getEntitiesByRefs'] = (request, options) =>
    this.#call(options, (client, token) => client.getEntitiesByRefs(request, token));
  readonly queryEntities: CatalogService['queryEntities'] = (request, options) =>
    this.#call(options, (client, token) => client.queryEntities(request, token));
  readonly getEntityAncestors: CatalogService['getEntityAncestors'] = (request, options) =>
    this.#call(options, (client, token) => client.getEntityAncestors(request, token));
  readonly getEntityByRef: CatalogService['getEntityByRef'] = (entityRef, options) =>
    this.#call(options, (client, token) => client.getEntityByRef(entityRef, token));
  readonly removeEntityByUid: CatalogService['removeEntityByUid'] = (uid, options) =>
    this.#call(options, (client, token) => client.removeEntityByUid(uid, token));
  readonly refreshEntity: CatalogService['refreshEntity'] = (entityRef, options) =>
    this.#call(options, (client, token) => client.refreshEntity(entityRef, token));
  readonly getEntityFacets: CatalogService['getEntityFacets'] = (request, options) =>
    this.#call(options, (client, token) => client.getEntityFacets(request, token));
  readonly getLocations: CatalogService['getLocations'] = (request, options) =>
    this.#call(options, (client, token) => client.getLocations(request, token));
  readonly queryLocations: CatalogService['queryLocations'] = (request, options) =>
    this.#call(options, (client, token) => client.queryLocations(request, token));
  readonly getLocationById: CatalogService['getLocationById'] = (id, options) =>
    this.#call(options, (client, token) => client.getLocationById(id, token));
  readonly getLocationByRef: CatalogService['getLocationByRef'] = (locationRef, options) =>
    this.#call(options, (client, token) => client.getLocationByRef(locationRef, token));
  readonly addLocation: CatalogService['addLocation'] = (location, options) =>
    this.#call(options, (client, token) => client.addLocation(location, token));
  readonly removeLocationById: CatalogService['removeLocationById'] = (id, options) =>
    this.#call(options, (client, token) => client.removeLocationById(id, token));
  readonly updateLocation: CatalogService['updateLocation'] = (id, location, options) =>
    this.#call(options, (client, token) => client.updateLocation(id, location, token));
  readonly getLocationByEntity: CatalogService['getLocationByEntity'] = (entityRef, options) =>
    this.#call(options, (client, token) => client.getLocationByEntity(entityRef, token));
  readonly validateEntity: CatalogService['validateEntity'] = (entity, locationRef, options) =>
    this.#call(options, (client, token) => client.validateEntity(entity, locationRef, token));
  readonly analyzeLocation: CatalogService['analyzeLocation'] = (location, options) =>
    this.#call(options, (client, token) => client.analyzeLocation(location, token));

  async *streamEntities(...[request, options]: Parameters<CatalogService['streamEntities']>) {
    const [client, token] = await this.#authorize(options);
    yield* client.streamEntities(request, token);
  }

  async *streamLocations(...[request, options]: Parameters<CatalogService['streamLocations']>) {
    const [client, token] = await this.#authorize(options);
    yield* client.streamLocations(request, token);
  }

  async #call<T>(
    options: CatalogServiceRequestOptions,
    call: (client: CatalogApi, token: CatalogRequestOptions) => Promise<T>,
  ): Promise<T> {
    return call(...(await this.#authorize(options)));
  }

  async #authorize({
    credentials,
  }: CatalogServiceRequestOptions): Promise<[CatalogApi, CatalogRequestOptions]> {
    this.#client ??= loadClient(this.#discovery);
    return Promise.all([
      this.#client,
      this.#auth.getPluginRequestToken({ onBehalfOf: credentials, targetPluginId: 'catalog' }),
    ]);
  }
}

/** With the first call only: the client brings some 30 MB of libraries with it. */
async function loadClient(discoveryApi: DiscoveryService): Promise<CatalogApi> {
  const { CatalogClient } = await import('@backstage/catalog-client');
  return new CatalogClient({ discoveryApi, fetchApi: { fetch } });
}
