// Requests that come while root services are still being made, or features loaded: the server listens by then, and no plugin
// has begun.
import type { Backend } from '@greenroom/backend-app-api';
import {
  coreServices,
  createBackendFeatureLoader,
  createServiceFactory,
  createServiceRef,
} from '@greenroom/backend-plugin-api';
import { createPlugin } from '@greenroom/testing';
import { composeBackend } from '../testing/startBackend';

let running: Backend | undefined;
let proceed: (failure?: Error) => void;

afterEach(async () => {
  proceed();
  await running?.stop();
});

const thing = createPlugin('thing', {
  deps: { httpRouter: coreServices.httpRouter },
  async init({ httpRouter }) {
    httpRouter.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
    httpRouter.use((_req, res) => void res.json({ served: true }));
  },
});

/** A backend with a plugin, and a root service that the server comes before; `proceed` lets that be made, or fail. */
function slowToPlugins() {
  const held = new Promise<void>((resolve, reject) => {
    proceed = failure => (failure ? reject(failure) : resolve());
  });
  const late = createServiceFactory({
    service: createServiceRef<object>({ id: 'test.late', scope: 'root' }),
    initialization: 'always',
    deps: { http: coreServices.rootHttpRouter },
    factory: async () => held.then(() => ({})),
  });
  const composed = composeBackend({ features: [late, thing] });
  running = composed.backend;
  return composed;
}

it('wait for their plugin before any plugin has begun to start', async () => {
  const { backend, listens, url } = slowToPlugins();
  const started = backend.start();
  await listens;
  // Their case matters as little as it does once the plugin has its routes.
  const early = ['/api/thing/x', '/API/Thing/x'].map(path => fetch(url() + path));
  // By then the first ones have been decided on, or wait.
  expect((await fetch(`${url()}/api/nothing`)).status).toBe(404);
  proceed();
  for (const answer of await Promise.all(early)) {
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ served: true });
  }
  await started;
});

it('get 503 where the start fails before any plugin has begun', async () => {
  const { backend, listens, url } = slowToPlugins();
  const started = backend.start();
  await listens;
  const early = fetch(`${url()}/api/thing/x`);
  expect((await fetch(`${url()}/api/nothing`)).status).toBe(404);
  proceed(new Error('no luck'));
  await expect(started).rejects.toThrow('no luck');
  expect((await early).status).toBe(503);
});

it('wait where a feature loader has made the server listen, which may bring their plugin', async () => {
  const held = new Promise<void>(resolve => (proceed = () => resolve()));
  const loader = createBackendFeatureLoader({
    deps: { http: coreServices.rootHttpRouter },
    async loader({ http }) {
      http.use('/loading', (_req, res) => void res.end());
      await held;
      return [thing];
    },
  });
  const { backend, listens, url } = composeBackend({ features: [loader] });
  running = backend;
  const started = backend.start();
  await listens;
  const early = ['thing', 'nothing'].map(pluginId => fetch(`${url()}/api/${pluginId}/x`));
  // By then the others have been decided on, or wait.
  expect((await fetch(`${url()}/loading`)).status).toBe(200);
  proceed();
  expect((await Promise.all(early)).map(({ status }) => status)).toEqual([200, 404]);
  await started;
});
