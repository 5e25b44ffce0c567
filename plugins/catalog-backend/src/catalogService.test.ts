// Tests of the catalog's service as another plugin uses it: over HTTP, with tokens of its own.
import { join } from 'node:path';
import { coreServices } from '@greenroom/backend-plugin-api';
import { type CatalogService, catalogServiceRef } from '@greenroom/plugin-catalog-node';
import { createPlugin, provide } from '@greenroom/testing';
import { CuttingProxy } from './testing/CuttingProxy';
import { CatalogPlace, clients, component, entity } from './testing/startTestCatalog';

let catalog: CatalogService;
let options: Parameters<CatalogService['getLocations']>[1];
const consumer = createPlugin('consumer', {
  deps: { auth: coreServices.auth, service: catalogServiceRef },
  async init({ auth, service }) {
    catalog = service;
    options = { credentials: await auth.getOwnServiceCredentials() };
  },
});

it.each(clients)('gives another plugin every method, on behalf of its credentials, on %s', async client => {
  const place = await CatalogPlace.create(client);
  try {
    await place.write({
      'a.yaml': [component('a'), entity('Group', 'team', { type: 'team', children: [] })],
    });
    const location = { type: 'file', target: join(place.folder, 'a.yaml') };
    await place.start({ locations: [location] }, consumer);

    expect((await catalog.getEntities({ filter: { kind: 'group' } }, options)).items).toHaveLength(1);
    expect((await catalog.queryEntities(undefined, options)).totalItems).toBe(3);
    const a = await catalog.getEntityByRef('component:default/a', options);
    expect(a?.relations).toEqual([{ type: 'ownedBy', targetRef: 'group:default/team' }]);
    const pages: unknown[] = [];
    for await (const page of catalog.streamEntities({ pageSize: 2 }, options)) pages.push(page);
    expect(pages).toHaveLength(2);
    const { location: added } = await catalog.addLocation(location, options);
    for await (const page of catalog.streamLocations(undefined, options)) expect(page).toEqual([added]);
    await catalog.removeLocationById(added.id, options);
    expect(await catalog.getLocationByRef(`file:${location.target}`, options)).toBeUndefined();
    const nobody = {
      credentials: { $$type: '@backstage/BackstageCredentials' as const, principal: { type: 'none' } },
    };
    await expect(catalog.getEntities({}, nobody)).rejects.toThrow();
  } finally {
    await place.remove();
  }
});

it('reads again what was cut off, and writes once', async () => {
  const place = await CatalogPlace.create();
  const proxy = await CuttingProxy.start();
  try {
    const discovery = provide(coreServices.discovery, () => {
      const getBaseUrl = async (pluginId: string) => `${proxy.url}/api/${pluginId}`;
      return { getBaseUrl, getExternalBaseUrl: getBaseUrl };
    });
    await place.write({ 'a.yaml': component('a') });
    const location = { type: 'file', target: join(place.folder, 'a.yaml') };
    const { base } = await place.start({ locations: [location] }, consumer, discovery);
    proxy.target = base;

    /** Cut off once, whatever it asks for first. */
    const cut = async <T>(call: () => Promise<T>): Promise<T> => {
      proxy.cuts = 1;
      const result = await call();
      expect(proxy.cuts).toBe(0);
      return result;
    };
    // The catalog's look at the keys of the consumer goes the same way, so the first call may be cut off there.
    const items = [expect.objectContaining({ kind: 'Component' })];
    const reads: Array<[() => Promise<unknown>, unknown]> = [
      [() => catalog.getEntitiesByRefs({ entityRefs: ['component:a'] }, options), { items }],
      [() => catalog.getEntityByRef('component:default/a', options), items[0]],
      [
        () => catalog.queryEntities({ query: { kind: 'Component' } }, options),
        expect.objectContaining({ items, totalItems: 1 }),
      ],
      [() => catalog.getEntities({ filter: { kind: 'component' } }, options), { items }],
      [
        () => catalog.addLocation({ ...location, dryRun: true }, options),
        expect.objectContaining({ entities: expect.arrayContaining(items) }),
      ],
    ];
    for (const [read, result] of reads) expect(await cut(read)).toEqual(result);

    const before = proxy.requests;
    await expect(cut(() => catalog.addLocation(location, options))).rejects.toThrow(
      /POST .+\/api\/catalog\/locations got no answer: .+ It may have been carried out nevertheless/,
    );
    expect(proxy.requests).toBe(before + 1);
    // As it has been: only the answer was lost.
    expect(await catalog.getLocationByRef(`file:${location.target}`, options)).toMatchObject(location);
  } finally {
    await proxy.stop();
    await place.remove();
  }
});
