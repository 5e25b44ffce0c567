// What calls of the service do where the catalog takes them and never answers.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpCatalogService } from './HttpCatalogService';

let server: Server;
let service: HttpCatalogService;
const options = { credentials: { $$type: '@backstage/BackstageCredentials' as const, principal: {} } };

beforeEach(async () => {
  server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/catalog`;
  service = new HttpCatalogService({
    auth: { getPluginRequestToken: async () => ({ token: 'token' }) } as never,
    discovery: { getBaseUrl: async () => base, getExternalBaseUrl: async () => base },
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  server.closeAllConnections();
  await new Promise(done => server.close(done));
});

it('gives up after a minute', async () => {
  const { timeout } = AbortSignal;
  jest.spyOn(AbortSignal, 'timeout').mockImplementation(ms => timeout(ms / 200));
  const read = service.getEntities({ filter: { kind: 'component' } }, options);
  await expect(read).rejects.toMatchObject({
    message: expect.stringContaining('it took longer than 60000 ms'),
    mayBeDone: false,
  });
  const write = service.removeEntityByUid('uid', options);
  await expect(write).rejects.toMatchObject({ code: 'GR_REQUEST_UNANSWERED', mayBeDone: true });
});
