// What calls of the service do where the scaffolder takes them and never answers.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpScaffolderService } from './HttpScaffolderService';

let server: Server;
let service: HttpScaffolderService;
const options = { credentials: { $$type: '@backstage/BackstageCredentials' as const, principal: {} } };

beforeEach(async () => {
  server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/scaffolder`;
  service = new HttpScaffolderService({
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
  await expect(service.listActions({}, options)).rejects.toMatchObject({
    message: expect.stringContaining('it took longer than 60000 ms'),
    mayBeDone: false,
  });
  const task = service.scaffold({ templateRef: 'template:t', values: {} }, options);
  await expect(task).rejects.toMatchObject({ code: 'GR_REQUEST_UNANSWERED', mayBeDone: true });
});

it('lets a dry run take its time', async () => {
  const limit = jest.spyOn(AbortSignal, 'timeout');
  const asked = once(server, 'request');
  const run = service.dryRun({ template: {}, values: {}, directoryContents: [] } as never, options);
  const failed = run.catch((error: unknown) => error);
  await asked;
  expect(limit).not.toHaveBeenCalled();
  server.on('request', request => request.destroy()).closeAllConnections();
  expect(await failed).toMatchObject({ message: expect.stringContaining('got no answer in') });
});
