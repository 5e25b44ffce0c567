// What calls of the service do where the scaffolder takes them and never answers.
import { eventually, TcpProxy } from '@greenroom/testing';
import { HttpScaffolderService } from './HttpScaffolderService';

let silent: TcpProxy;
let service: HttpScaffolderService;
const options = { credentials: { $$type: '@backstage/BackstageCredentials' as const, principal: {} } };

beforeEach(async () => {
  silent = await TcpProxy.start();
  const base = `http://127.0.0.1:${silent.port}/api/scaffolder`;
  service = new HttpScaffolderService({
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
  await expect(service.listActions({}, options)).rejects.toMatchObject({
    message: expect.stringContaining('it took longer than 60000 ms'),
    mayBeDone: false,
  });
  const task = service.scaffold({ templateRef: 'template:t', values: {} }, options);
  await expect(task).rejects.toMatchObject({ code: 'GR_REQUEST_UNANSWERED', mayBeDone: true });
});

it('lets a dry run take its time', async () => {
  const limit = jest.spyOn(AbortSignal, 'timeout');
  silent.mode = 'hang';
  const run = service.dryRun({ template: {}, values: {}, directoryContents: [] } as never, options);
  const failed = run.catch((error: unknown) => error);
  await eventually(() => expect(silent.swallowed).toBeGreaterThan(0));
  expect(limit).not.toHaveBeenCalled();
  silent.refuse();
  expect(await failed).toMatchObject({ message: expect.stringContaining('got no answer in') });
});
