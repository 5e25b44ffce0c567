// Sends the same requests without credentials to plugins of both implementations that have the same random auth policies.
import { createBackend as theirs } from '@backstage/backend-defaults';
import { ConfigReader } from '@backstage/config';
import { coreServices, createBackendPlugin, createServiceFactory } from '@backstage/backend-plugin-api';
import { createBackend as ours } from '@greenroom/backend-defaults';
import { Agent, request } from 'node:http';
import { once } from 'node:events';
import { freePorts } from '../../scripts/lib/freePorts.mjs';
import { randomChoices } from '../lib/randomChoices.mjs';

const plugins = 40;
const segments = ['a', 'b', 'A', 'ab', 'a.b', '%61', 'a%20b', '.well', '~', 'a;b', '$', ':id', ':id'];
const agent = new Agent({ keepAlive: true });

/** Yields a text for each difference. */
export async function* compare(count) {
  const choices = randomChoices(1);
  const policies = Array.from({ length: plugins }, () => randomPolicies(choices));
  const [here, there] = [await start(ours, policies), await start(theirs, policies)];
  for (let nr = 0; nr < count; nr++) {
    const target = choices.below(plugins);
    const path = `${choices.pick(['/api', '/api', '/API', '/api/'])}/p${target}${randomPath(choices, policies[target])}`;
    const method = choices.pick(['GET', 'GET', 'POST', 'HEAD', 'OPTIONS']);
    const [mine, published] = await Promise.all([here, there].map(port => ask(port, method, path)));
    // Ours never opens paths with `..`, or paths that a router might interpret differently than the policies do.
    const closedOnPurpose = /^40[14]/.test(mine) && /[#\\]|(\.|%2e){2}/i.test(path);
    if (mine !== published && !closedOnPurpose) {
      yield `${method} ${path} ${JSON.stringify(policies[target])}\nhere: ${mine}\nthere: ${published}`;
    }
  }
}

function randomPolicies({ below, chance, pick }) {
  return Array.from({ length: 1 + below(3) }, () => {
    const path = Array.from({ length: 1 + below(3) }, () => `/${pick(segments)}`).join('');
    const end = pick(['', '', '', '/', '/*rest', '//b']);
    return {
      path: chance(0.05) ? '/' : path + end,
      allow: pick(['unauthenticated', 'unauthenticated', 'user-cookie']),
    };
  });
}

/** The path of a policy, or one that resembles it. */
function randomPath({ below, pick }, policies) {
  let path = pick(policies).path.replace(/:id/g, () => pick(['7', 'a', 'x%2Fy', '']));
  path = path.replace('*rest', pick(['r', 'r/s', '']));
  for (let changes = below(3); changes > 0; changes--) {
    const at = below(path.length + 1);
    path = pick([
      path.slice(0, at) +
        pick(['/', '/./', '%2f', '\\', '?', '%', ';', 'x', '%20', '/../', '#', '.', '%2e%2e/']) +
        path.slice(at),
      path + pick(['/', '//', '/x', 'x', '?q=1', '/..', '#', '/#/x', '%00', '/%20', '.json', '%2F']),
      path.toUpperCase(),
      path.replace('a', '%61'),
      path.slice(0, -1),
      `/${path}`,
    ]);
  }
  return path;
}

async function start(createBackend, policies) {
  const [port] = await freePorts(1);
  const backend = createBackend();
  const url = `http://127.0.0.1:${port}`;
  const database = { client: 'better-sqlite3', connection: ':memory:' };
  const config = new ConfigReader({
    backend: { baseUrl: url, listen: { host: '127.0.0.1', port }, database },
  });
  backend.add(createServiceFactory({ service: coreServices.rootConfig, deps: {}, factory: () => config }));
  for (const [nr, list] of policies.entries()) backend.add(makePlugin(`p${nr}`, list));
  await backend.start();
  return port;
}

function makePlugin(pluginId, policies) {
  return createBackendPlugin({
    pluginId,
    register(env) {
      env.registerInit({
        deps: { httpRouter: coreServices.httpRouter },
        async init({ httpRouter }) {
          for (const policy of policies) httpRouter.addAuthPolicy(policy);
          httpRouter.use((req, res) => void res.set('x-seen', req.url).end());
        },
      });
    },
  });
}

async function ask(port, method, path) {
  const sent = request({ host: '127.0.0.1', port, method, path, agent }).end();
  const [response] = await once(sent, 'response');
  response.resume();
  await once(response, 'end');
  return `${response.statusCode} ${response.headers['x-seen'] ?? ''}`;
}
