// Calls the catalog over HTTP, wherever discovery locates it.
import type { AddLocationResponse, CatalogApi, CatalogRequestOptions } from '@backstage/catalog-client';
import { type AuthService, type DiscoveryService, fetchDurably } from '@greenroom/backend-plugin-api';
import type { CatalogService, CatalogServiceRequestOptions } from './CatalogService';

/** A proxy in between waits no longer, usually. */
const timeoutMs = 60_000;

interface Clients {
  /** Repeats any request that got no response. */
  readonly reading: CatalogApi;
  readonly writing: CatalogApi;
}

/**
 * Adds a token for the catalog to each call of the published client, which does the rest. Calls that only read are
 * repeated if the connection breaks, whatever their HTTP method.
 */
export class HttpCatalogService implements CatalogService {
  readonly #auth: AuthService;
  readonly #discovery: DiscoveryService;
  #clients: Promise<Clients> | undefined;

  constructor({ auth, discovery }: { auth: AuthService; discovery: DiscoveryService }) {
    this.#auth = auth;
    this.#discovery = discovery;
  }

  readonly getEntities: CatalogService['getEntities'] = (request, options) =>
    this.#read(options, (client, token) => client.getEntities(request, token));
  readonly getEntitiesByRefs: CatalogService['getEntitiesByRefs'] = (request, options) =>
    this.#read(options, (client, token) => client.getEntitiesByRefs(request, token));
  readonly queryEntities: CatalogService['queryEntities'] = (request, options) =>
    this.#read(options, (client, token) => client.queryEntities(request, token));
  readonly getEntityAncestors: CatalogService['getEntityAncestors'] = (request, options) =>
    this.#read(options, (client, token) => client.getEntityAncestors(request, token));
  readonly getEntityByRef: CatalogService['getEntityByRef'] = (entityRef, options) =>
    this.#read(options, (client, token) => client.getEntityByRef(entityRef, token));
  readonly removeEntityByUid: CatalogService['removeEntityByUid'] = (uid, options) =>
    this.#write(options, (client, token) => client.removeEntityByUid(uid, token));
  readonly refreshEntity: CatalogService['refreshEntity'] = (entityRef, options) =>
    this.#write(options, (client, token) => client.refreshEntity(entityRef, token));
  readonly getEntityFacets: CatalogService['getEntityFacets'] = (request, options) =>
    this.#read(options, (client, token) => client.getEntityFacets(request, token));
  readonly getLocations: CatalogService['getLocations'] = (request, options) =>
    this.#read(options, (client, token) => client.getLocations(request, token));
  readonly queryLocations: CatalogService['queryLocations'] = (request, options) =>
    this.#read(options, (client, token) => client.queryLocations(request, token));
  readonly getLocationById: CatalogService['getLocationById'] = (id, options) =>
    this.#read(options, (client, token) => client.getLocationById(id, token));
  readonly getLocationByRef: CatalogService['getLocationByRef'] = (locationRef, options) =>
    this.#read(options, (client, token) => client.getLocationByRef(locationRef, token));
  readonly addLocation: CatalogService['addLocation'] = (location, options) => {
    const add: Call<AddLocationResponse> = (client, token) => client.addLocation(location, token);
    return location.dryRun ? this.#read(options, add) : this.#write(options, add);
  };
  readonly removeLocationById: CatalogService['removeLocationById'] = (id, options) =>
    this.#write(options, (client, token) => client.removeLocationById(id, token));
  readonly updateLocation: CatalogService['updateLocation'] = (id, location, options) =>
    this.#write(options, (client, token) => client.updateLocation(id, location, token));
  readonly getLocationByEntity: CatalogService['getLocationByEntity'] = (entityRef, options) =>
    this.#read(options, (client, token) => client.getLocationByEntity(entityRef, token));
  readonly validateEntity: CatalogService['validateEntity'] = (entity, locationRef, options) =>
    this.#read(options, (client, token) => client.validateEntity(entity, locationRef, token));
  readonly analyzeLocation: CatalogService['analyzeLocation'] = (location, options) =>
    this.#read(options, (client, token) => client.analyzeLocation(location, token));

  async *streamEntities(...[request, options]: Parameters<CatalogService['streamEntities']>) {
    const [{ reading }, token] = await this.#authorize(options);
    yield* reading.streamEntities(request, token);
  }

  async *streamLocations(...[request, options]: Parameters<CatalogService['streamLocations']>) {
    const [{ reading }, token] = await this.#authorize(options);
    yield* reading.streamLocations(request, token);
  }

  async #read<T>(options: CatalogServiceRequestOptions, call: Call<T>): Promise<T> {
    const [{ reading }, token] = await this.#authorize(options);
    return call(reading, token);
  }

  async #write<T>(options: CatalogServiceRequestOptions, call: Call<T>): Promise<T> {
    const [{ writing }, token] = await this.#authorize(options);
    return call(writing, token);
  }

  async #authorize({ credentials }: CatalogServiceRequestOptions): Promise<[Clients, CatalogRequestOptions]> {
    this.#clients ??= loadClients(this.#discovery);
    return Promise.all([
      this.#clients,
      this.#auth.getPluginRequestToken({ onBehalfOf: credentials, targetPluginId: 'catalog' }),
    ]);
  }
}

type Call<T> = (client: CatalogApi, token: CatalogRequestOptions) => Promise<T>;

/** Loaded with the first call, because the client takes some 30 MB of memory. */
async function loadClients(discoveryApi: DiscoveryService): Promise<Clients> {
  const { CatalogClient } = await import('@backstage/catalog-client');
  const clientOf = (calls: { repeatable: boolean }) =>
    new CatalogClient({
      discoveryApi,
      fetchApi: { fetch: (input, init) => fetchDurably(input, { timeoutMs, ...init, ...calls }) },
    });
  return { reading: clientOf({ repeatable: true }), writing: clientOf({ repeatable: false }) };
}
