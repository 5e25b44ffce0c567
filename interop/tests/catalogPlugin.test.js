// The published catalog in the backend of a test: files, databases, credentials, decisions and mocks of services.
import {
  createMockDirectory,
  mockCredentials,
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import { setTimeout as pause } from 'node:timers/promises';
import request from 'supertest';

const files = createMockDirectory();
const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const asUser = { authorization: mockCredentials.user.header() };
const asNobody = { authorization: mockCredentials.none.header() };

const configuration = () => {
  files.setContent({
    'lightship.yaml': JSON.stringify({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'lightship' },
      spec: { type: 'service', lifecycle: 'production', owner: 'keepers' },
    }),
  });
  const locations = [{ type: 'file', target: files.resolve('lightship.yaml') }];
  return mockServices.rootConfig.factory({ data: { catalog: { locations } } });
};

async function lightshipOf(server, headers) {
  const path = '/api/catalog/entities/by-name/component/default/lightship';
  for (;;) {
    const response = await request(server).get(path).set(headers);
    if (response.status !== 404) return response;
    await pause(100);
  }
}

it.each(databases.eachSupportedId())('takes in a file, on %s', async id => {
  const knex = await databases.init(id);
  const backend = await startTestBackend({
    features: [catalogPlugin, configuration(), mockServices.database.factory({ knex })],
  });

  const { body } = await lightshipOf(backend.server, asUser);
  await backend.stop();

  expect(body.spec.owner).toBe('keepers');
});

it('answers nobody', async () => {
  const { server } = await startTestBackend({ features: [catalogPlugin, configuration()] });

  const response = await request(server).get('/api/catalog/entities').set(asNobody);

  expect(response.status).toBe(401);
});

it('asks the permissions, with the credentials of who asks', async () => {
  const permissions = mockServices.permissions.mock({
    authorize: async requests => requests.map(() => ({ result: 'DENY' })),
    authorizeConditional: async requests => requests.map(() => ({ result: 'DENY' })),
  });
  const { server } = await startTestBackend({
    features: [catalogPlugin, configuration(), permissions.factory],
  });

  const { body } = await request(server)
    .get('/api/catalog/entities/by-query')
    .set('authorization', mockCredentials.user.header('user:default/stowaway'));

  expect(body.items).toEqual([]);
  const [, { credentials }] = permissions.authorizeConditional.mock.calls.at(-1);
  expect(credentials.principal.userEntityRef).toBe('user:default/stowaway');
});

it('reads files through the reader of the test', async () => {
  const urlReader = mockServices.urlReader.mock({
    readUrl: async () => {
      throw new Error('The harbour is closed');
    },
    search: async () => {
      throw new Error('The harbour is closed');
    },
  });
  const locations = [{ type: 'url', target: 'https://example.com/catalog-info.yaml' }];
  const { server } = await startTestBackend({
    features: [
      catalogPlugin,
      urlReader.factory,
      mockServices.rootConfig.factory({ data: { catalog: { locations } } }),
    ],
  });

  for (;;) {
    if (urlReader.search.mock.calls.length + urlReader.readUrl.mock.calls.length > 0) break;
    await pause(100);
  }
  const { body } = await request(server).get('/api/catalog/entities').set(asUser);
  expect(body).toEqual([]);
});
