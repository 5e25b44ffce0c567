// A backend that factory.test.ts runs in a process of its own: logs, changes its configuration, logs again, stops.
import { writeFileSync } from 'node:fs';
import { createSpecializedBackend } from '@greenroom/backend-app-api';
import { coreServices, createBackendPlugin } from '@greenroom/backend-plugin-api';
import { loggerServiceFactory } from '../logger/factory';
import { rootConfigServiceFactory } from '../rootConfig/factory';
import { rootConfigWatcherServiceFactory } from '../rootConfig/watcherFactory';
import { rootLifecycleServiceFactory } from '../rootLifecycle/factory';
import { rootLoggerServiceFactory } from './factory';

const backend = createSpecializedBackend({
  defaultServiceFactories: [
    rootConfigServiceFactory,
    rootConfigWatcherServiceFactory,
    rootLifecycleServiceFactory,
    rootLoggerServiceFactory,
    loggerServiceFactory,
  ],
});

backend.add(
  createBackendPlugin({
    pluginId: 'shop',
    register(env) {
      env.registerInit({
        deps: { logger: coreServices.logger, config: coreServices.rootConfig },
        async init({ logger, config }) {
          const password = config.getString('password');
          logger.info(`password is ${password}, or ${config.getString('guest')}`, {
            url: `http://u:${password}@host`,
          });
          logger.debug('not written');
          const changed = new Promise<void>(resolve => config.subscribe?.(resolve));
          writeFileSync('app-config.yaml', process.env.NEXT_CONFIG!);
          // The watcher does not keep the process alive, so waiting for it has to.
          const alive = setInterval(() => {}, 1000);
          await changed;
          clearInterval(alive);
          logger.debug(`now ${config.getString('password')}`);
        },
      });
    },
  }),
);

void backend.start().then(() => backend.stop());
