// The cache service in a backend.
import { coreServices } from '@greenroom/backend-plugin-api';
import { createPlugin, TcpProxy } from '@greenroom/testing';
import { defaultServiceFactories } from '../../createBackend';
import { composeBackend } from '../../testing/startBackend';
import { cacheServiceFactory } from './factory';

it('is one of the defaults', () => {
  expect(defaultServiceFactories).toContain(cacheServiceFactory);
});

it('gives plugins caches of their own', async () => {
  const { backend } = composeBackend();
  const seen: unknown[] = [];
  for (const pluginId of ['one', 'two']) {
    backend.add(
      createPlugin(pluginId, {
        deps: { cache: coreServices.cache },
        async init({ cache }) {
          await cache.set('key', pluginId);
          seen.push(await cache.get('key'));
        },
      }),
    );
  }
  await backend.start();
  expect(seen.sort()).toEqual(['one', 'two']);
  await backend.stop();
});

it('starts with a server that is silent, and lets go of it at the stop', async () => {
  const silent = await TcpProxy.start();
  const settings = { store: 'redis', connection: `redis://127.0.0.1:${silent.port}` };
  const { backend } = composeBackend({ config: { backend: { cache: settings } } });
  let value: unknown = 'not asked';
  backend.add(
    createPlugin('one', {
      deps: { cache: coreServices.cache },
      async init({ cache }) {
        value = await cache.get('key');
      },
    }),
  );
  await backend.start();
  expect([value, silent.connections]).toEqual([undefined, 1]);
  const { hooks } = await backend.stop();
  expect(hooks.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
  while (silent.open > 0) {
    await new Promise(resolve => setImmediate(resolve));
  }
  await silent.stop();
});
