// A consumer's backend with two plugins, each a role: starts, answers HTTP requests, stops. Compiled to ES modules and CommonJS.
import { createBackend } from '@greenroom/backend-defaults';
import { httpServerAddressServiceRef } from '@greenroom/backend-defaults/discovery';
import { createRoleLoader } from '@greenroom/backend-defaults/roles';
import { coreServices, createBackendPlugin, createServiceFactory } from '@greenroom/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import express from 'express';

let address: { url: string | undefined } | undefined;

/** Responds to `/{word}/:name` with the name under that word. */
function politePlugin(pluginId: string, word: string) {
  return createBackendPlugin({
    pluginId,
    register(reg) {
      reg.registerInit({
        deps: {
          httpRouter: coreServices.httpRouter,
          logger: coreServices.logger,
          server: httpServerAddressServiceRef,
        },
        async init({ httpRouter, logger, server }) {
          const router = express.Router();
          router.get(`/${word}/:name`, (req, res) => void res.json({ [word]: req.params.name }));
          httpRouter.use(router);
          httpRouter.addAuthPolicy({ path: `/${word}`, allow: 'unauthenticated' });
          address = server;
          logger.info(`Ready to say ${word}`);
        },
      });
    },
  });
}

async function main(): Promise<void> {
  const backend = createBackend();
  backend.add(
    createServiceFactory({
      service: coreServices.rootConfig,
      deps: {},
      factory: () => new ConfigReader({ backend: { listen: { host: '127.0.0.1', port: 0 } } }),
    }),
  );
  const roles = createRoleLoader({
    greeter: [async () => ({ default: politePlugin('greeter', 'hello') })],
    leaver: [async () => ({ default: politePlugin('leaver', 'bye') })],
  });
  backend.add(roles);
  const { result } = await backend.start();
  const answers: unknown[] = [];
  for (const path of ['greeter/hello/you', 'leaver/bye/you']) {
    const answer = await fetch(`${address?.url}/api/${path}`);
    answers.push(answer.ok ? await answer.json() : answer.status);
  }
  const stopped = await backend.stop();
  console.log(JSON.stringify([result.outcome, ...answers, stopped.outcome]));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
