// A published module of the catalog, without the catalog: its extension points are the test's own.
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { coreServices, createBackendModule, createBackendPlugin } from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import catalogModuleLogs from '@backstage/plugin-catalog-backend-module-logs';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';

const lightship = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'lightship', namespace: 'default' },
};

it('adds to the extension points of the test', async () => {
  const addProcessor = jest.fn();
  const processor = { getProcessorName: () => 'Tide' };
  await startTestBackend({
    extensionPoints: [[catalogProcessingExtensionPoint, { addProcessor }]],
    features: [
      createBackendModule({
        pluginId: 'catalog',
        moduleId: 'tide',
        register(env) {
          env.registerInit({
            deps: { processing: catalogProcessingExtensionPoint },
            init: async ({ processing }) => processing.addProcessor(processor),
          });
        },
      }),
    ],
  });

  expect(addProcessor).toHaveBeenCalledWith(processor);
});

it('logs what the catalog tells over events', async () => {
  const logger = mockServices.rootLogger.mock();
  logger.child.mockReturnValue(logger);
  const events = mockServices.events();
  const backend = await startTestBackend({
    features: [
      catalogModuleLogs,
      logger.factory,
      mockServices.events.mock({
        publish: params => events.publish(params),
        subscribe: it => events.subscribe(it),
      }).factory,
    ],
  });

  await events.publish({
    topic: 'experimental.catalog.errors',
    eventPayload: { entity: 'component:default/wreck', errors: [new Error('It sank')] },
  });
  await backend.stop();

  const logged = JSON.stringify(logger.warn.mock.calls);
  expect(logged).toMatch(/It sank/);
});

it('meets a catalog of the published test utilities, which make their mocks with these', async () => {
  const catalog = catalogServiceMock.mock({ getEntityByRef: async () => lightship });
  const found = jest.fn();
  await startTestBackend({ features: [harbourPlugin(found), catalog.factory] });

  expect(found).toHaveBeenCalledWith(lightship);
  expect(catalog.getEntityByRef).toHaveBeenCalledTimes(1);
});

it('meets a catalog in memory', async () => {
  const found = jest.fn();
  await startTestBackend({
    features: [harbourPlugin(found), catalogServiceMock.factory({ entities: [lightship] })],
  });

  expect(found).toHaveBeenCalledWith(expect.objectContaining({ kind: 'Component' }));
});

function harbourPlugin(found) {
  return createBackendPlugin({
    pluginId: 'harbour',
    register(env) {
      env.registerInit({
        deps: { auth: coreServices.auth, catalog: catalogServiceRef, events: eventsServiceRef },
        async init({ auth, catalog }) {
          const credentials = await auth.getOwnServiceCredentials();
          found(await catalog.getEntityByRef('component:default/lightship', { credentials }));
        },
      });
    },
  });
}
