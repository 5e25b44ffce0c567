// The states of a backend: no work before start(), one start, and stop() at any time and any number of times.
import {
  coreServices,
  createBackendFeatureLoader,
  createBackendPlugin,
  createServiceRef,
} from '@greenroom/backend-plugin-api';
import { BackendStartupError } from '..';
import { backendFixture, deferred, entryOf, plugin, provide } from './backendFixture';

const processListeners = () => ['SIGTERM', 'SIGINT', 'beforeExit'].map(event => process.listenerCount(event));

describe('before start() nothing is done', () => {
  it('no factory, loader, register or function in the services option is called, and no process event listened to', async () => {
    // A backend whose start failed in another test may be about to leave the process.
    await new Promise(setImmediate);
    const listenersBefore = processListeners();
    const done: string[] = [];
    const rootRef = createServiceRef<string>({
      id: 'test.root',
      scope: 'root',
      defaultFactory: async ref => {
        done.push('default factory');
        return provide(ref, () => '');
      },
    });
    const otherRef = createServiceRef<string>({ id: 'test.other', scope: 'root' });
    const backend = backendFixture({
      features: [
        createBackendFeatureLoader({
          loader: () => {
            done.push('loader');
            return [];
          },
        }),
        provide(otherRef, () => {
          done.push('factory');
          return '';
        }),
        createBackendPlugin({
          pluginId: 'p',
          register(reg) {
            done.push('register');
            reg.registerInit({ deps: { root: rootRef }, init: async () => void done.push('init') });
          },
        }),
      ],
      services: [
        () => {
          done.push('services');
          return provide(createServiceRef<string>({ id: 'test.given' }), () => '');
        },
      ],
    });
    await new Promise(resolve => setImmediate(resolve));
    expect(done).toEqual([]);
    expect(processListeners()).toEqual(listenersBefore);

    await backend.start();
    expect([...done].sort()).toEqual([
      'default factory',
      'factory',
      'init',
      'loader',
      'register',
      'services',
    ]);
    await backend.stop();
    expect(processListeners()).toEqual(listenersBefore);
  });
});

describe('a backend is composed, then started once', () => {
  const notIdle = (call: string, state: string) => ({
    code: 'GR_BACKEND_NOT_IDLE',
    message: expect.stringMatching(
      new RegExp(
        `^Too late for ${call}\\(\\) at \\S+backendStates\\.test\\.ts:\\d+:\\d+: the backend (is )?${state}`,
        'i',
      ),
    ),
  });
  const thrownBy = (run: () => unknown) => {
    try {
      return run();
    } catch (error) {
      return error;
    }
  };

  it('add() and a second start() are errors while it starts, when it has started and when it has stopped', async () => {
    const gate = deferred();
    const backend = backendFixture({ features: [plugin('p', { init: () => gate.promise })] });
    const starting = backend.start();
    expect(thrownBy(() => backend.add(plugin('q')))).toMatchObject(notIdle('add', 'starting'));
    await expect(backend.start()).rejects.toMatchObject(notIdle('start', 'starting'));
    gate.resolve();
    const { result } = await starting;
    expect(result.plugins).toHaveLength(1);
    expect(thrownBy(() => backend.add(plugin('q')))).toMatchObject(notIdle('add', 'started'));
    await expect(backend.start()).rejects.toMatchObject(notIdle('start', 'started'));
    await backend.stop();
    expect(thrownBy(() => backend.add(plugin('q')))).toMatchObject(notIdle('add', 'stopped'));
    await expect(backend.start()).rejects.toMatchObject(notIdle('start', 'stopped'));
  });

  it("a backend that failed to start can't be started again", async () => {
    const backend = backendFixture({ features: [plugin('p'), plugin('p')] });
    await expect(backend.start()).rejects.toThrow(BackendStartupError);
    await expect(backend.start()).rejects.toMatchObject(notIdle('start', 'failed to start'));
  });

  it('two backends in one process know nothing of each other', async () => {
    const one = backendFixture({ features: [plugin('p')] });
    const two = backendFixture({ features: [plugin('p')] });
    await Promise.all([one.start(), two.start()]);
    await one.stop();
    await expect(two.start()).rejects.toMatchObject(notIdle('start', 'started'));
  });
});

describe('stop() may be called at any time and more than once', () => {
  /** A plugin that counts how often it is shut down. */
  const counting = (init: () => void | Promise<void> = () => {}) => {
    const counter = { shutdowns: 0 };
    const feature = plugin('p', {
      deps: { lifecycle: coreServices.lifecycle },
      init: ({ lifecycle }) => {
        lifecycle.addShutdownHook(() => void (counter.shutdowns += 1));
        return init();
      },
    });
    return { counter, feature };
  };

  it('before the start, which is then refused', async () => {
    const backend = backendFixture({ features: [plugin('p')] });
    await expect(backend.stop()).resolves.toMatchObject({ outcome: 'success', hooks: [] });
    await expect(backend.start()).rejects.toMatchObject({ code: 'GR_BACKEND_NOT_IDLE' });
  });

  it('twice: the hooks run once, and both calls return the same result', async () => {
    const { counter, feature } = counting();
    const backend = backendFixture({ features: [feature] });
    await backend.start();
    const [first, second] = await Promise.all([backend.stop(), backend.stop()]);
    expect(second).toBe(first);
    await expect(backend.stop()).resolves.toBe(first);
    expect(counter.shutdowns).toBe(1);
    expect(first.hooks).toHaveLength(1);
  });

  it('while a plugin hangs in its init: the start ends, and what had started is shut down', async () => {
    const inInit = deferred();
    const { counter, feature } = counting(() => {
      inInit.resolve();
      return deferred().promise;
    });
    const backend = backendFixture({ features: [feature, plugin('quick')] });
    const starting = backend.start().catch(error => error);
    await inInit.promise;
    const stopped = await backend.stop();

    const error: BackendStartupError = await starting;
    expect(error).toBeInstanceOf(BackendStartupError);
    expect(entryOf(error.result, 'p')).toMatchObject({
      status: 'failed',
      failure: { error: { code: 'GR_START_ABORTED' } },
    });
    expect(entryOf(error.result, 'quick').status).toBe('started');
    expect(counter.shutdowns).toBe(1);
    expect(stopped).toMatchObject({ outcome: 'success', hooks: [{ owner: 'p', outcome: 'done' }] });
  });

  it('from within an init, which waits for it', async () => {
    const stopped = deferred();
    const backend = backendFixture({
      features: [
        plugin('p', {
          init: async () => {
            await backend.stop();
            stopped.resolve();
          },
        }),
      ],
    });
    await expect(backend.start()).rejects.toThrow(BackendStartupError);
    await stopped.promise;
  });

  it('while a root service is being made: no plugin starts', async () => {
    const inFactory = deferred();
    let ran = false;
    const rootRef = createServiceRef<void>({ id: 'test.root', scope: 'root' });
    const hanging = provide(rootRef, () => {
      inFactory.resolve();
      return deferred().promise;
    });
    const backend = backendFixture({ features: [hanging, plugin('p', { init: () => void (ran = true) })] });
    const starting = backend.start().catch(error => error);
    await inFactory.promise;
    await backend.stop();
    expect((await starting).result.problems).toMatchObject([{ code: 'GR_START_ABORTED' }]);
    expect(ran).toBe(false);
  });
});
