// Startup hooks: those of a plugin run after its init, those of the root after all plugins.
import { coreServices, createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';
import { backendFixture, deferred, entryOf, failuresOf, plugin, resultOf } from './backendFixture';

type Hook = () => void | Promise<void>;
const order: string[] = [];
beforeEach(() => void order.splice(0));
const noting = (step: string) => () => void order.push(step);

const withHooks = (id: string, init: Hook, ...hooks: Hook[]) =>
  plugin(id, {
    deps: { lifecycle: coreServices.lifecycle },
    init: async ({ lifecycle }) => {
      hooks.forEach(hook => lifecycle.addStartupHook(hook));
      await init();
    },
  });
const rootHook = (hook: Hook) =>
  createServiceFactory({
    service: createServiceRef<object>({ id: 'test.rootHook', scope: 'root' }),
    deps: { lifecycle: coreServices.rootLifecycle },
    factory: ({ lifecycle }) => {
      lifecycle.addStartupHook(hook);
      return {};
    },
  });

describe('the startup hooks of a plugin', () => {
  it("run after its init, and those of the root after every plugin's", async () => {
    const gate = deferred();
    const slow = withHooks('slow', () => gate.promise, noting('hook of slow'));
    const quick = withHooks('quick', noting('init of quick'), noting('hook of quick'), () => gate.resolve());
    await backendFixture({ features: [rootHook(noting('root hook')), slow, quick] }).start();
    expect(order).toEqual(['init of quick', 'hook of quick', 'hook of slow', 'root hook']);
  });

  it('run at the same time, and the plugin has started when all of them are done', async () => {
    const ping = deferred();
    const pong = deferred();
    const hooks: Hook[] = [
      async () => {
        ping.resolve();
        await pong.promise;
      },
      async () => {
        await ping.promise;
        pong.resolve();
      },
    ];
    const result = await resultOf([withHooks('p', () => {}, ...hooks)]);
    expect(entryOf(result, 'p').status).toBe('started');
  });

  it("can't be added once they run", async () => {
    const late = plugin('p', {
      deps: { lifecycle: coreServices.lifecycle },
      init: ({ lifecycle }) => lifecycle.addStartupHook(() => lifecycle.addStartupHook(() => {})),
    });
    expect(failuresOf(await resultOf([late]))).toEqual([
      ['GR_STARTUP_HOOK_FAILED', expect.stringContaining('Too late for a startup hook')],
    ]);
  });

  it("don't run if the init failed", async () => {
    const failing = withHooks('p', () => Promise.reject(new Error('no')), noting('hook'));
    const result = await resultOf([failing]);
    expect(failuresOf(result)).toEqual([
      ['GR_INIT_FAILED', expect.stringContaining("Plugin 'p' failed in its init: no")],
    ]);
    expect(order).toEqual([]);
  });
});

describe('a startup hook that fails', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('cold');
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('cold');
      },
    ],
  ])('is a failure of its plugin: one that %s', async (_, hook) => {
    const result = await resultOf([withHooks('p', () => {}, hook), plugin('q')]);
    expect(entryOf(result, 'p')).toMatchObject({
      status: 'failed',
      failure: {
        error: {
          code: 'GR_STARTUP_HOOK_FAILED',
          message: expect.stringContaining("plugin 'p' failed: cold"),
        },
      },
    });
    expect(entryOf(result, 'q').status).toBe('started');
    expect(result.outcome).toBe('failure');
  });

  it('is reported together with others that fail', async () => {
    const hooks = ['cold', 'dark'].map(text => () => Promise.reject(new Error(text)));
    const result = await resultOf([
      withHooks(
        'p',
        () => {},
        ...hooks,
        () => {},
      ),
    ]);
    expect(failuresOf(result)).toEqual([
      [
        'GR_STARTUP_HOOK_FAILED',
        expect.stringMatching(/plugin 'p' failed: cold, dark \(.*thrown at \S*startupHooks\.test\.ts/),
      ],
    ]);
  });

  it('of the root is a problem of the backend, and never allowed', async () => {
    const config = { backend: { startup: { default: { onPluginBootFailure: 'continue' } } } };
    const result = await resultOf([rootHook(() => Promise.reject(new Error('cold'))), plugin('p')], {
      config,
    });
    expect(result.outcome).toBe('failure');
    expect(failuresOf(result)).toEqual([
      ['GR_STARTUP_HOOK_FAILED', expect.stringContaining('A startup hook of the backend failed: cold')],
    ]);
    expect(entryOf(result, 'p').status).toBe('started');
  });

  it("root hooks don't run if a plugin failed", async () => {
    const failing = plugin('p', { init: () => Promise.reject(new Error('no')) });
    await resultOf([rootHook(noting('root hook')), failing]);
    expect(order).toEqual([]);
  });
});
