// Tests of the catalog's service as another plugin uses it: over HTTP, with tokens of its own.
import { join } from 'node:path';
import { coreServices, createBackendPlugin } from '@greenroom/backend-plugin-api';
import { type CatalogService, catalogServiceRef } from '@greenroom/plugin-catalog-node';
import { CatalogPlace, clients, component, entity } from './testing/startTestCatalog';

it.each(clients)('gives another plugin every method, on behalf of its credentials, on %s', async client => {
  const place = await CatalogPlace.create(client);
  try {
    let catalog!: CatalogService;
    let options!: Parameters<CatalogService['getLocations']>[1];
    const consumer = createBackendPlugin({
      pluginId: 'consumer',
      register(reg) {
        reg.registerInit({
          // The router serves the keys by which the catalog checks this plugin's tokens.
          deps: { auth: coreServices.auth, router: coreServices.httpRouter, service: catalogServiceRef },
          async init({ auth, service }) {
            catalog = service;
            options = { credentials: await auth.getOwnServiceCredentials() };
          },
        });
      },
    });
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
