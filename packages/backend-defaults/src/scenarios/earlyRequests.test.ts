// Requests that come while root services are still being made: the server listens by then, and no plugin has begun.
import type { Backend } from '@greenroom/backend-app-api';
import {
  coreServices,
  createBackendPlugin,
  createServiceFactory,
  createServiceRef,
} from '@greenroom/backend-plugin-api';
import { composeBackend } from '../testing/startBackend';

let running: Backend | undefined;
let proceed: (failure?: Error) => void;

afterEach(async () => {
  proceed();
  await running?.stop();
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
  const plugin = createBackendPlugin({
    pluginId: 'thing',
    register(reg) {
      reg.registerInit({
        deps: { httpRouter: coreServices.httpRouter },
        async init({ httpRouter }) {
          httpRouter.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
          httpRouter.use((_req, res) => void res.json({ served: true }));
        },
      });
    },
  });
  const composed = composeBackend({ features: [late, plugin] });
  running = composed.backend;
  return composed;
}

it('wait for their plugin before any plugin has begun to start', async () => {
  const { backend, listens, url } = slowToPlugins();
  const started = backend.start();
  await listens;
  const early = fetch(`${url()}/api/thing/x`);
  // By then the first one has been decided on, or waits.
  expect((await fetch(`${url()}/api/nothing`)).status).toBe(404);
  proceed();
  const answer = await early;
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ served: true });
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
