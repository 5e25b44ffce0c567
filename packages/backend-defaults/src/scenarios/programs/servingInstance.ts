// One instance of a backend that serves requests of several lengths, in a process that a test can end; tells how it ended.
import { ConfigReader } from '@backstage/config';
import { startupReporterServiceRef } from '@greenroom/backend-app-api';
import { coreServices, createBackendPlugin, createServiceFactory } from '@greenroom/backend-plugin-api';
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBackend } from '../../index';

const config = JSON.parse(process.argv[2]!);
const say = (what: object) => writeSync(1, `${JSON.stringify(what)}\n`);

const backend = createBackend({
  services: [
    createServiceFactory({
      service: coreServices.rootConfig,
      deps: {},
      factory: () => new ConfigReader(config),
    }),
    createServiceFactory({
      service: startupReporterServiceRef,
      deps: {},
      factory: () => ({
        progress() {},
        result() {},
        addLine() {},
        shutdown: result => say({ shutdown: result }),
      }),
    }),
  ],
});

backend.add(
  createBackendPlugin({
    pluginId: 'things',
    register(env) {
      env.registerInit({
        deps: { httpRouter: coreServices.httpRouter },
        async init({ httpRouter }) {
          httpRouter.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
          httpRouter.use(async (req, res) => {
            if (req.query.tell) say({ entered: req.url });
            if (req.path === '/never') return;
            await sleep(Number(req.query.ms));
            res.json({ waited: req.query.ms });
          });
        },
      });
    },
  }),
);

void backend.start();
