// What neither a plugin that never answers nor a made-up ID may do; the rest is in ../actions.test.ts.
import { MemoryLogger } from '../../testing/MemoryLogger';
import { standInAuth, userCredentials } from '../../testing/standInAuth';
import { WebServer } from '../../testing/WebServer';
import { ActionsClient } from './ActionsClient';

it('leaves a plugin that never answers out of the list, with a warning', async () => {
  const server = await WebServer.start();
  server.answers.set('/silent/.backstage/actions/v1/actions', () => {});
  server.answers.set('/prompt/.backstage/actions/v1/actions', JSON.stringify({ actions: [{ id: 'a' }] }));
  const logger = new MemoryLogger();
  const client = new ActionsClient({
    auth: standInAuth('caller'),
    discovery: { getBaseUrl: async pluginId => `${server.url}/${pluginId}` },
    logger,
    settings: { pluginSources: ['silent', 'prompt'], include: [], exclude: [] },
  });
  const { timeout } = AbortSignal;
  const limit = jest.spyOn(AbortSignal, 'timeout').mockImplementation(ms => timeout(ms / 10));
  const { actions } = await client.list({ credentials: userCredentials('jo') });
  limit.mockRestore();
  await server.stop();
  expect(actions).toEqual([{ id: 'a' }]);
  expect(logger.entries.map(({ message }) => message)).toEqual([
    expect.stringMatching(
      /^The actions of plugin 'silent' are left out because it could not be asked for them: GET .*: it took longer than 10000 ms/,
    ),
  ]);
});

it.each(['..:invoke', '.:invoke', 'a/b:invoke', '%2e%2e:invoke', ':invoke', 'a:'])(
  'asks nobody for the action %s, whose ID names no plugin or no action',
  async id => {
    const getBaseUrl = jest.fn();
    const client = new ActionsClient({
      auth: standInAuth('caller'),
      discovery: { getBaseUrl },
      logger: new MemoryLogger(),
      settings: { pluginSources: [], include: [], exclude: [] },
    });
    const call = client.invoke({ id, credentials: userCredentials('jo') });
    await expect(call).rejects.toMatchObject({ name: 'InputError' });
    expect(getBaseUrl).not.toHaveBeenCalled();
  },
);
