// A whole backend from createBackend: real configuration, real HTTP, a real database.
import type { JsonObject } from '@backstage/types';
import { coreServices, createBackendPlugin } from '@greenroom/backend-plugin-api';
import type { Backend } from '@greenroom/backend-app-api';
import { createPlugin } from '@greenroom/testing';
import { composeBackend } from '../testing/startBackend';

const backends: Backend[] = [];

afterEach(async () => {
  await Promise.all(backends.splice(0).map(backend => backend.stop()));
});

/** A backend that is stopped after the test. */
function makeBackend(config?: JsonObject) {
  const composed = composeBackend({ config });
  backends.push(composed.backend);
  return composed;
}

const readiness = (url: string) =>
  fetch(`${url}/.backstage/health/v1/readiness`).then(response => response.status);

it('serves a plugin with its database, and stops in order', async () => {
  const { backend, url } = makeBackend();
  const order: string[] = [];
  backend.add(
    createPlugin('things', {
      deps: {
        database: coreServices.database,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        rootLifecycle: coreServices.rootLifecycle,
      },
      async init({ database, httpRouter, lifecycle, rootLifecycle }) {
        const client = await database.getClient();
        await client.schema.createTable('things', table => table.string('name'));
        await client('things').insert({ name: 'one' });
        httpRouter.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
        httpRouter.use(async (_req, res) => {
          res.json(await client('things').select());
        });
        lifecycle.addShutdownHook(async () => {
          order.push('plugin', (await client('things').select()).length === 1 ? 'database open' : 'closed');
          await expect(fetch(url())).rejects.toThrow();
        });
        rootLifecycle.addBeforeShutdownHook(async () => {
          order.push(`readiness ${await readiness(url())}`);
        });
        rootLifecycle.addShutdownHook(async () => {
          order.push('root');
        });
      },
    }),
  );
  await backend.start();
  expect(await readiness(url())).toBe(200);
  expect(await (await fetch(`${url()}/api/things`)).json()).toEqual([{ name: 'one' }]);
  const result = await backend.stop();
  expect(result.hooks.filter(hook => hook.outcome !== 'done')).toEqual([]);
  expect(order).toEqual(['readiness 503', 'plugin', 'database open', 'root']);
});

it('answers probes and holds requests while plugins start', async () => {
  const { backend, listens, url } = makeBackend();
  const { feature, proceed } = slowPlugin();
  backend.add(feature);
  const started = backend.start();
  await listens;
  const early = fetch(`${url()}/api/slow/x`);
  expect(await readiness(url())).toBe(503);
  proceed();
  expect(await (await early).json()).toEqual({ served: true });
  await started;
  expect(await readiness(url())).toBe(200);
});

it('answers 503 for a plugin that takes longer to start than requests wait, and serves it afterwards', async () => {
  const { backend, listens, url } = makeBackend({
    backend: { lifecycle: { startupRequestPauseTimeout: { milliseconds: 20 } } },
  });
  const { feature, proceed } = slowPlugin();
  backend.add(feature);
  const started = backend.start();
  await listens;
  const refused = await fetch(`${url()}/api/slow/x`);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({
    error: {
      name: 'ServiceUnavailableError',
      message: "The plugin 'slow' has not started within 20 ms yet, try again later",
    },
  });
  proceed();
  await started;
  expect(await (await fetch(`${url()}/api/slow/x`)).json()).toEqual({ served: true });
});

it('answers 503 for a plugin that failed, whether it had mounted anything or not', async () => {
  const { backend, url } = makeBackend({
    backend: { startup: { default: { onPluginBootFailure: 'continue' } }, database: { client: 'oracle' } },
  });
  for (const pluginId of ['mounted', 'unmounted']) {
    backend.add(
      createPlugin(pluginId, {
        deps: {
          database: coreServices.database,
          ...(pluginId === 'mounted' && { httpRouter: coreServices.httpRouter }),
        },
        async init({ database }) {
          await database.getClient();
        },
      }),
    );
  }
  await backend.start();
  for (const pluginId of ['mounted', 'unmounted']) {
    const response = await fetch(`${url()}/api/${pluginId}/x`);
    expect(response.status).toBe(503);
    const { error } = (await response.json()) as { error: { message: string; code: string } };
    expect(error.message).toBe(`The plugin '${pluginId}' failed to start`);
    expect(error.code).toMatch(/^GR_/);
  }
});

it('refuses a lifecycle hook that comes too late, by phase', async () => {
  const { backend } = makeBackend();
  let late: unknown;
  backend.add(
    createPlugin('late', {
      deps: { lifecycle: coreServices.lifecycle },
      async init({ lifecycle }) {
        lifecycle.addStartupHook(() => {
          try {
            lifecycle.addStartupHook(() => {});
          } catch (error) {
            late = error;
          }
        });
      },
    }),
  );
  await backend.start();
  expect(late).toMatchObject({
    code: 'GR_LIFECYCLE_PHASE',
    message: expect.stringContaining("startup hook of plugin 'late'"),
  });
});

it('answers 503 for a plugin that is tried again, then only from the attempt that came up', async () => {
  const retry = { onPluginBootFailure: 'retry' };
  const { backend, url } = makeBackend({
    backend: { startup: { plugins: { flaky: retry }, retry: { initialDelay: 1 } } },
  });
  let attempts = 0;
  let letItStart!: () => void;
  const gate = new Promise<void>(resolve => (letItStart = resolve));
  let isUp!: () => void;
  const up = new Promise<void>(resolve => (isUp = resolve));
  backend.add(
    createBackendPlugin({
      pluginId: 'flaky',
      register(reg) {
        const attempt = ++attempts;
        reg.registerInit({
          deps: { http: coreServices.httpRouter, lifecycle: coreServices.lifecycle },
          async init({ http, lifecycle }) {
            http.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
            http.use((_req, res) => void res.json({ attempt }));
            if (attempt === 1) throw new Error('not yet');
            await gate;
            // Runs as the last step of the start; the status follows in the turns after it.
            lifecycle.addStartupHook(() => void setImmediate(isUp));
          },
        });
      },
    }),
  );
  const { result } = await backend.start();
  expect(result.plugins).toMatchObject([{ status: 'failed', failure: { allowed: true } }]);
  const refused = await fetch(`${url()}/api/flaky`);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ error: { code: 'GR_INIT_FAILED' } });

  letItStart();
  await up;
  const answered = await fetch(`${url()}/api/flaky`);
  expect(await answered.json()).toEqual({ attempt: 2 });
});

/** A plugin that serves at once, and has not started before `proceed` is called. */
function slowPlugin() {
  let proceed!: () => void;
  const held = new Promise<void>(resolve => (proceed = resolve));
  const feature = createPlugin('slow', {
    deps: { httpRouter: coreServices.httpRouter },
    async init({ httpRouter }) {
      httpRouter.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
      httpRouter.use((_req, res) => void res.json({ served: true }));
      await held;
    },
  });
  return { feature, proceed };
}
