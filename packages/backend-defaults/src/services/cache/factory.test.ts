// The cache service in a backend.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { createSpecializedBackend } from '@greenroom/backend-app-api';
import { coreServices, createBackendPlugin, createServiceFactory } from '@greenroom/backend-plugin-api';
import { defaultServiceFactories } from '../../createBackend';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { TcpProxy } from '../../testing/TcpProxy';
import { cacheServiceFactory } from './factory';

function makeBackend(cache?: JsonObject) {
  const backend = createSpecializedBackend({ defaultServiceFactories });
  const config = new ConfigReader({
    backend: { listen: { host: '127.0.0.1', port: 0 }, ...(cache && { cache }) },
  });
  backend.add(createServiceFactory({ service: coreServices.rootConfig, deps: {}, factory: () => config }));
  backend.add(
    createServiceFactory({ service: coreServices.rootLogger, deps: {}, factory: () => new MemoryLogger() }),
  );
  return backend;
}

it('is one of the defaults', () => {
  expect(defaultServiceFactories).toContain(cacheServiceFactory);
});

it('gives plugins caches of their own', async () => {
  const backend = makeBackend();
  const seen: unknown[] = [];
  for (const pluginId of ['one', 'two']) {
    backend.add(
      createBackendPlugin({
        pluginId,
        register(env) {
          env.registerInit({
            deps: { cache: coreServices.cache },
            async init({ cache }) {
              await cache.set('key', pluginId);
              seen.push(await cache.get('key'));
            },
          });
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
  const backend = makeBackend({ store: 'redis', connection: `redis://127.0.0.1:${silent.port}` });
  let value: unknown = 'not asked';
  backend.add(
    createBackendPlugin({
      pluginId: 'one',
      register(env) {
        env.registerInit({
          deps: { cache: coreServices.cache },
          async init({ cache }) {
            value = await cache.get('key');
          },
        });
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
