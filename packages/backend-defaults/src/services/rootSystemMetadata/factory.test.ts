// The plugins of the system, asked for by a plugin of a real backend.
import { ConfigReader } from '@backstage/config';
import { createSpecializedBackend } from '@greenroom/backend-app-api';
import { coreServices } from '@greenroom/backend-plugin-api';
import { createPlugin, provide } from '@greenroom/testing';
import { defaultServiceFactories } from '../../createBackend';
import { MemoryLogger } from '../../testing/MemoryLogger';

async function installedPlugins(config: object): Promise<unknown> {
  const needless = ['core.rootHttpRouter', 'core.httpRouter', 'core.rootConfig', 'core.rootLogger'];
  const backend = createSpecializedBackend({
    defaultServiceFactories: [
      ...defaultServiceFactories.filter(({ service }) => !needless.includes(service.id)),
      provide(coreServices.rootConfig, () => new ConfigReader(config as never)),
      provide(coreServices.rootLogger, () => new MemoryLogger()),
    ],
  });
  let answer: unknown;
  for (const pluginId of ['asking', 'quiet']) {
    backend.add(
      createPlugin(pluginId, {
        deps: { system: coreServices.rootSystemMetadata },
        async init({ system }) {
          if (pluginId === 'asking') answer = await system.getInstalledPlugins();
        },
      }),
    );
  }
  await backend.start();
  await backend.stop();
  return answer;
}

it('lists the plugins of this backend, and those placed elsewhere, each once', async () => {
  expect(await installedPlugins({})).toEqual([{ pluginId: 'asking' }, { pluginId: 'quiet' }]);
  const endpoints = [
    { target: 'http://a/{{pluginId}}', plugins: ['catalog', 'quiet'] },
    { target: { external: 'http://b' }, plugins: ['*', 'catalog', 'auth'] },
  ];
  expect(await installedPlugins({ discovery: { endpoints } })).toEqual(
    ['asking', 'quiet', 'catalog', 'auth'].map(pluginId => ({ pluginId })),
  );
});
