// A backend with all defaults and N plugins, each with one route: `node defaultsServer.mjs <maker> <plugins> --config <file>`.
import { createRequire } from 'node:module';
import { answer, reportUsage } from './answer.mjs';

const require = createRequire(import.meta.url);
const packages = {
  greenroom: { api: '@greenroom/backend-plugin-api', defaults: '@greenroom/backend-defaults' },
  published: { api: '@backstage/backend-plugin-api', defaults: '@backstage/backend-defaults' },
};

const [maker, plugins] = process.argv.slice(2);
const { api, defaults } = packages[maker];
const { createBackend } = require(defaults);
const { coreServices, createBackendPlugin } = require(api);

const backend = createBackend();
for (let at = 0; at < Number(plugins); at++) backend.add(createPlugin(`plugin-${at}`));
reportUsage();
await backend.start();

function createPlugin(pluginId) {
  return createBackendPlugin({
    pluginId,
    register(env) {
      env.registerInit({
        deps: { httpRouter: coreServices.httpRouter },
        async init({ httpRouter }) {
          httpRouter.use(createRouter());
          httpRouter.addAuthPolicy({ path: '/open', allow: 'unauthenticated' });
        },
      });
    },
  });
}

/** Uses the version of express that the maker depends on, as its plugins would. */
function createRouter() {
  const express = createRequire(require.resolve(defaults))('express');
  const router = express.Router();
  // One regular expression for both, so that neither takes longer to match.
  router.get(/^\/(?:open|closed)$/, (_req, res) => res.json(answer));
  return router;
}
