// Published factories, clients and routers, each with the utility that tests of such things use.
import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
  registerMswTestHooks,
  ServiceFactoryTester,
  TestCaches,
} from '@backstage/backend-test-utils';
import { coreServices, createServiceFactory } from '@backstage/backend-plugin-api';
import { CatalogClient } from '@backstage/catalog-client';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceFactory } from '@backstage/plugin-events-node';
import { createPermission } from '@backstage/plugin-permission-common';
import { createPermissionIntegrationRouter } from '@backstage/plugin-permission-node';
import express from 'express';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import request from 'supertest';

describe('ServiceFactoryTester', () => {
  it('makes the published events of several plugins, which hear each other', async () => {
    const tester = ServiceFactoryTester.from(eventsServiceFactory, {
      dependencies: [
        mockServices.discovery.factory(),
        mockServices.rootConfig.factory({ data: { events: { useEventBus: 'never' } } }),
        mockServices.rootLogger.factory({ level: 'none' }),
      ],
    });
    const lighthouse = await tester.getSubject('lighthouse');
    const ship = await tester.getSubject('ship');
    const onEvent = jest.fn();
    await ship.subscribe({ id: 'watch', topics: ['light'], onEvent });

    await lighthouse.publish({ topic: 'light', eventPayload: { seconds: 5 } });

    expect(onEvent).toHaveBeenCalledWith(expect.objectContaining({ eventPayload: { seconds: 5 } }));
    const metadata = await tester.getService(coreServices.pluginMetadata, 'ship');
    expect(metadata.getId()).toBe('ship');
  });
});

describe('registerMswTestHooks', () => {
  const worker = setupServer();
  registerMswTestHooks(worker);
  const catalogOf = () =>
    ServiceFactoryTester.from(
      createServiceFactory({
        service: catalogServiceRef,
        deps: { discovery: coreServices.discovery },
        factory: ({ discovery }) => new CatalogClient({ discoveryApi: discovery }),
      }),
      { dependencies: [mockServices.discovery.factory()] },
    ).getSubject();

  it('lets a published client meet the handlers of the test', async () => {
    worker.use(
      http.get('*/api/catalog/entities/by-name/component/default/buoy', ({ request: { headers } }) =>
        HttpResponse.json({ kind: 'Component', seen: headers.get('authorization') }),
      ),
    );
    const token = mockCredentials.service.token();

    const found = await (await catalogOf()).getEntityByRef('component:default/buoy', { token });

    expect(found).toEqual({ kind: 'Component', seen: `Bearer ${token}` });
  });

  it('has forgotten them in the next test, where a request that nobody handles fails', async () => {
    jest.spyOn(console, 'error').mockImplementation();
    const url = 'http://localhost:7007/api/catalog/entities/by-name/component/default/buoy';
    await expect(fetch(url)).rejects.toThrow('onUnhandledRequest');
  });
});

describe('mockErrorHandler', () => {
  it('answers what a published router throws', async () => {
    const permission = createPermission({ name: 'buoy.move', attributes: {} });
    const app = express()
      .use(createPermissionIntegrationRouter({ permissions: [permission] }))
      .use(mockErrorHandler());

    const { body } = await request(app).post('/.well-known/backstage/permissions/apply-conditions').send({});

    expect(body).toMatchObject({ error: { name: 'InputError' }, response: { statusCode: 400 } });
  });
});

describe('TestCaches', () => {
  const caches = TestCaches.create({ ids: ['MEMORY', 'REDIS_7'], disableDocker: true });

  it.each(caches.eachSupportedId())('keeps what is put into it, on %s', async id => {
    const { keyv, store } = await caches.init(id);
    await keyv.set('tide', 'low');

    expect(await keyv.get('tide')).toBe('low');
    expect(store).toBe({ MEMORY: 'memory', REDIS_7: 'redis' }[id]);
  });
});
