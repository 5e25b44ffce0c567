// A stranger's backend: a plugin of their own, started, asked over HTTP, stopped. The build makes ES modules and CommonJS of it.
import { createBackend } from '@greenroom/backend-defaults';
import { httpServerAddressServiceRef } from '@greenroom/backend-defaults/discovery';
import { coreServices, createBackendPlugin, createServiceFactory } from '@greenroom/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import express from 'express';

let address: { url: string | undefined } | undefined;

const greeterPlugin = createBackendPlugin({
  pluginId: 'greeter',
  register(reg) {
    reg.registerInit({
      deps: {
        httpRouter: coreServices.httpRouter,
        logger: coreServices.logger,
        server: httpServerAddressServiceRef,
      },
      async init({ httpRouter, logger, server }) {
        const router = express.Router();
        router.get('/hello/:name', (req, res) => void res.json({ hello: req.params.name }));
        httpRouter.use(router);
        httpRouter.addAuthPolicy({ path: '/hello', allow: 'unauthenticated' });
        address = server;
        logger.info('Ready to greet');
      },
    });
  },
});

async function main(): Promise<void> {
  const backend = createBackend();
  backend.add(
    createServiceFactory({
      service: coreServices.rootConfig,
      deps: {},
      factory: () => new ConfigReader({ backend: { listen: { host: '127.0.0.1', port: 0 } } }),
    }),
  );
  backend.add(greeterPlugin);
  const { result } = await backend.start();
  const answer = await fetch(`${address?.url}/api/greeter/hello/you`);
  const stopped = await backend.stop();
  console.log(JSON.stringify([result.outcome, await answer.json(), stopped.outcome]));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
