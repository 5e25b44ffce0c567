// Tests that each plugin gets a logger of its own.
import { createSpecializedBackend } from '@greenroom/backend-app-api';
import { coreServices, createBackendPlugin, createServiceFactory } from '@greenroom/backend-plugin-api';
import { rootLifecycleServiceFactory } from '../rootLifecycle/factory';
import { RootLogger } from '../rootLogger';
import { loggerServiceFactory } from './factory';

describe('loggerServiceFactory', () => {
  it('puts the id of the plugin into every entry', async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const backend = createSpecializedBackend({
      defaultServiceFactories: [
        rootLifecycleServiceFactory,
        loggerServiceFactory,
        createServiceFactory({
          service: coreServices.rootLogger,
          deps: {},
          factory: () => RootLogger.create({ format: 'json', destination }),
        }),
      ],
    });
    for (const pluginId of ['catalog', 'todo']) {
      backend.add(
        createBackendPlugin({
          pluginId,
          register(env) {
            env.registerInit({
              deps: { logger: coreServices.logger },
              async init({ logger }) {
                logger.info('hello');
                logger.child({ task: 1 }).info('working');
              },
            });
          },
        }),
      );
    }
    await backend.start();
    await backend.stop();
    const entries = lines.map(line => JSON.parse(line)).filter(entry => entry.plugin);
    const base = { time: expect.any(String), level: 'info', service: 'greenroom' };
    expect(entries).toHaveLength(4);
    for (const plugin of ['catalog', 'todo']) {
      expect(entries.filter(entry => entry.plugin === plugin)).toEqual([
        { ...base, plugin, message: 'hello' },
        { ...base, plugin, message: 'working', task: 1 },
      ]);
    }
  });
});
