// What calls of the service do where the catalog takes them and never answers.
import { TcpProxy } from '@greenroom/testing';
import { HttpCatalogService } from './HttpCatalogService';

let silent: TcpProxy;
let service: HttpCatalogService;
const options = { credentials: { $$type: '@backstage/BackstageCredentials' as const, principal: {} } };

beforeEach(async () => {
  silent = await TcpProxy.start();
  const base = `http://127.0.0.1:${silent.port}/api/catalog`;
  service = new HttpCatalogService({
    auth: { getPluginRequestToken: async () => ({ token: 'token' }) } as never,
    discovery: { getBaseUrl: async () => base, getExternalBaseUrl: async () => base },
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await silent.stop();
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
