// The stop sequence: which hooks run, in which order, also after a failed start, and what its result contains.
import {
  coreServices,
  createServiceFactory,
  createServiceRef,
  type BackendFeature,
} from '@greenroom/backend-plugin-api';
import { backendFixture, deferred, plugin, pluginModule, provide } from './backendFixture';

const order: string[] = [];
beforeEach(() => void order.splice(0));

/** A root service with two before-shutdown and two shutdown hooks. */
const rootHooks = createServiceFactory({
  service: createServiceRef<object>({ id: 'test.rootHooks', scope: 'root' }),
  deps: { lifecycle: coreServices.rootLifecycle },
  factory: ({ lifecycle }) => {
    for (const nr of [1, 2]) {
      lifecycle.addBeforeShutdownHook(() => void order.push(`root before ${nr}`));
      lifecycle.addShutdownHook(() => void order.push(`root ${nr}`));
    }
    return {};
  },
});

const withHooks = (id: string, ...hooks: Array<() => void | Promise<void>>): BackendFeature =>
  plugin(id, {
    deps: { lifecycle: coreServices.lifecycle },
    init: ({ lifecycle }) => hooks.forEach(hook => lifecycle.addShutdownHook(hook)),
  });
const noting = (step: string) => () => void order.push(step);

describe('the stop sequence', () => {
  it('before-shutdown hooks, then those of the plugins, then those of the root, each in reverse order', async () => {
    const backend = backendFixture({
      features: [rootHooks, withHooks('p', noting('p 1'), noting('p 2'), noting('p 3'))],
    });
    await backend.start();
    expect(order).toEqual([]);
    await backend.stop();
    expect(order).toEqual(['root before 2', 'root before 1', 'p 3', 'p 2', 'p 1', 'root 2', 'root 1']);
  });

  it('one hook of a list at a time, plugins at the same time, the root when all plugins are done', async () => {
    const ping = deferred();
    const pong = deferred();
    const a = withHooks('a', noting('a after'), async () => {
      ping.resolve();
      await pong.promise;
      order.push('a first');
    });
    const b = withHooks('b', async () => {
      await ping.promise;
      order.push('b');
      pong.resolve();
    });
    const backend = backendFixture({ features: [rootHooks, a, b] });
    await backend.start();
    await backend.stop();
    expect(order.slice(2)).toEqual(['b', 'a first', 'a after', 'root 2', 'root 1']);
  });

  it('hooks of modules belong to their plugin', async () => {
    const module = pluginModule('p', 'm', {
      deps: { lifecycle: coreServices.lifecycle },
      init: ({ lifecycle }) => lifecycle.addShutdownHook(noting('module')),
    });
    const backend = backendFixture({ features: [module, withHooks('p', noting('plugin'))] });
    await backend.start();
    const { hooks } = await backend.stop();
    expect(order).toEqual(['plugin', 'module']);
    expect(hooks.map(({ owner }) => owner)).toEqual(['p', 'p']);
  });

  it('a hook that fails does not keep the others from running, and is in the result', async () => {
    const cause = new Error('stuck valve');
    const failing = () => {
      throw cause;
    };
    const backend = backendFixture({
      features: [
        rootHooks,
        withHooks('p', noting('p 1'), failing, noting('p 3')),
        withHooks('q', noting('q')),
      ],
    });
    await backend.start();
    const result = await backend.stop();
    expect(order).toEqual(expect.arrayContaining(['p 3', 'p 1', 'q', 'root 1']));
    expect(result.outcome).toBe('failure');
    const failed = result.hooks.filter(({ outcome }) => outcome !== 'done');
    expect(failed).toEqual([
      {
        owner: 'p',
        phase: 'shutdown',
        index: 1,
        outcome: 'failed',
        durationMs: expect.any(Number),
        error: expect.objectContaining({ code: 'GR_SHUTDOWN_HOOK_FAILED', cause }),
      },
    ]);
    expect(failed[0]!.error!.message).toContain("A shutdown hook of plugin 'p' failed: stuck valve");
  });

  it('the result lists each hook with its phase and owner, and survives JSON.stringify', async () => {
    const backend = backendFixture({ features: [rootHooks, withHooks('p', noting('p'))] });
    await backend.start();
    const result = await backend.stop();
    expect(JSON.parse(JSON.stringify(result))).toEqual({
      outcome: 'success',
      durationMs: expect.any(Number),
      hooks: [
        ['root', 'beforeShutdown', 1],
        ['root', 'beforeShutdown', 0],
        ['p', 'shutdown', 0],
        ['root', 'shutdown', 1],
        ['root', 'shutdown', 0],
      ].map(([owner, phase, index]) => ({
        owner,
        phase,
        index,
        outcome: 'done',
        durationMs: expect.any(Number),
      })),
    });
  });
});

describe('a start that fails stops what had started, before it rejects', () => {
  it('plugins that were up, the plugin that failed, and the root, in the order of a stop', async () => {
    const up = deferred();
    const other = plugin('other', {
      deps: { lifecycle: coreServices.lifecycle },
      init: ({ lifecycle }) => {
        lifecycle.addShutdownHook(noting('other'));
        up.resolve();
      },
    });
    const failing = plugin('failing', {
      deps: { lifecycle: coreServices.lifecycle },
      init: async ({ lifecycle }) => {
        lifecycle.addShutdownHook(noting('failing'));
        await up.promise;
        throw new Error('broken');
      },
    });
    const backend = backendFixture({ features: [rootHooks, other, failing] });
    await expect(backend.start()).rejects.toThrow('broken');
    expect(order.slice(0, 2)).toEqual(['root before 2', 'root before 1']);
    expect(order.slice(2, 4).sort()).toEqual(['failing', 'other']);
    expect(order.slice(4)).toEqual(['root 2', 'root 1']);
  });

  it('root services, if another root service fails', async () => {
    const failing = provide(createServiceRef<object>({ id: 'test.failing', scope: 'root' }), async () => {
      throw new Error('no disk');
    });
    const backend = backendFixture({ features: [failing, rootHooks, withHooks('p', noting('p'))] });
    await expect(backend.start()).rejects.toThrow('no disk');
    expect(order).toEqual(['root before 2', 'root before 1', 'root 2', 'root 1']);
  });

  it('stop() afterwards runs nothing again, and returns the result of that sequence', async () => {
    const failing = plugin('failing', {
      deps: { lifecycle: coreServices.lifecycle },
      init: async ({ lifecycle }) => {
        lifecycle.addShutdownHook(noting('failing'));
        throw new Error('broken');
      },
    });
    const backend = backendFixture({ features: [failing] });
    await expect(backend.start()).rejects.toThrow('broken');
    const result = await backend.stop();
    expect(order).toEqual(['failing']);
    expect(result.hooks).toHaveLength(1);
  });

  it('a hook that fails then does not hide why the start failed', async () => {
    const failing = plugin('failing', {
      deps: { lifecycle: coreServices.lifecycle },
      init: async ({ lifecycle }) => {
        lifecycle.addShutdownHook(() => {
          throw new Error('a consequence');
        });
        throw new Error('the cause');
      },
    });
    await expect(backendFixture({ features: [failing] }).start()).rejects.toThrow('the cause');
  });
});
