// Retries of plugins: the pauses, what each attempt starts with, and what ends them.
import {
  coreServices,
  createBackendPlugin,
  createServiceFactory,
  createServiceRef,
  type BackendFeature,
} from '@greenroom/backend-plugin-api';
import { pluginStatusServiceRef, type PluginStatusService } from '..';
import {
  backendFixture,
  deferred,
  plugin,
  pluginModule,
  provide,
  startedOrFailed,
} from '../scenarios/backendFixture';
import { fakeTime, realTime } from '../scenarios/fakeTime';
import { recordedReporter } from './recordedReporter';

beforeEach(() => fakeTime());
afterEach(realTime);

const { lifecycle } = coreServices;
const countedRef = createServiceRef<number>({ id: 'test.counted' });

/** A backend whose plugins are tried again after 1, 2, 4, 4, ... seconds. */
function retrying(features: BackendFeature[], startup: object = {}) {
  let status!: PluginStatusService;
  const reader = plugin('reader', {
    deps: { status: pluginStatusServiceRef },
    init: ({ status: engineStatus }) => void (status = engineStatus),
  });
  const reporter = recordedReporter();
  const backend = backendFixture({
    features: [reporter.factory, reader, ...features],
    config: {
      backend: {
        startup: {
          default: { onPluginBootFailure: 'retry' },
          retry: { initialDelay: '1s', maxDelay: { seconds: 4 } },
          ...startup,
        },
      },
    },
  });
  return { backend, reporter, stateOf: (id: string) => status.get(id) };
}

describe('a plugin that may be retried', () => {
  it('is registered anew with a scope of its own, after growing pauses, until it is up', async () => {
    const attempts: number[] = [];
    const order: string[] = [];
    let registered = 0;
    let counted = 0;
    const flaky = createBackendPlugin({
      pluginId: 'p',
      register(reg) {
        registered += 1;
        reg.registerInit({
          deps: { hooks: lifecycle, count: countedRef },
          async init({ hooks, count }) {
            attempts.push(Date.now());
            order.push(`init ${count}`);
            hooks.addShutdownHook(() => void order.push(`down ${count}`));
            if (count < 6) throw new Error('not yet');
          },
        });
      },
    });
    const { backend, reporter, stateOf } = retrying([flaky, provide(countedRef, () => ++counted)]);
    const { result } = await backend.start();
    expect(result.outcome).toBe('success');
    expect(stateOf('p')).toEqual({ status: 'failed', code: 'GR_INIT_FAILED', retried: true });

    await jest.advanceTimersByTimeAsync(14_999);
    expect(stateOf('p')).toEqual({ status: 'failed', code: 'GR_INIT_FAILED', retried: true });
    await jest.advanceTimersByTimeAsync(1);
    expect(stateOf('p')).toEqual({ status: 'started' });
    expect(attempts.slice(1).map((at, nr) => at - attempts[nr]!)).toEqual([
      1_000, 2_000, 4_000, 4_000, 4_000,
    ]);
    expect(registered).toBe(6);
    expect(order.slice(0, 4)).toEqual(['init 1', 'down 1', 'init 2', 'down 2']);
    expect(reporter.events.filter(({ subject }) => subject === "plugin 'p'").map(({ kind }) => kind)).toEqual(
      [...Array(5).fill('failed'), 'started'],
    );

    await jest.advanceTimersByTimeAsync(100_000);
    expect(attempts).toHaveLength(6);
    order.length = 0;
    const { hooks } = await backend.stop();
    expect(order).toEqual(['down 6']);
    expect(hooks).toHaveLength(1);
  });

  it('that stops the backend while it is registered anew is not begun', async () => {
    const inits: number[] = [];
    let attempt = 0;
    const own = createBackendPlugin({
      pluginId: 'p',
      register(reg) {
        attempt += 1;
        if (attempt === 2) void backend.stop();
        reg.registerInit({
          deps: {},
          async init() {
            inits.push(attempt);
            throw new Error('not yet');
          },
        });
      },
    });
    const { backend } = retrying([own]);
    await backend.start();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(attempt).toBe(2);
    await backend.stop();
    expect(inits).toEqual([1]);
  });

  it('leaves the result of the start as it was, spans included', async () => {
    let fails = true;
    const slowRoot = createServiceRef<object>({ id: 'test.slowRoot', scope: 'root' });
    const lazy = createServiceFactory({
      service: slowRoot,
      initialization: 'lazy',
      deps: {},
      factory: async () => ({}),
    });
    const early = plugin('p', {
      deps: { count: countedRef },
      init: () => {
        if (fails) throw new Error('not yet');
      },
    });
    const needy = createServiceFactory({
      service: countedRef,
      deps: { root: slowRoot },
      factory: () => 1,
    });
    const { backend, stateOf } = retrying([early, needy, lazy]);
    const { result } = await backend.start();
    fails = false;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(stateOf('p')).toEqual({ status: 'started' });
    // Made only now, when it is looked at.
    expect(result.plugins.find(({ pluginId }) => pluginId === 'p')!.status).toBe('failed');
    expect(result.spans.filter(({ name }) => name === 'test.counted')).toHaveLength(1);
    expect(result.spans.every(({ parent = -1, id }) => parent < id)).toBe(true);
  });

  it('because of a module, is up once the module is', async () => {
    let fails = true;
    const module = pluginModule('p', 'm', {
      init: () => {
        if (fails) throw new Error('not yet');
      },
    });
    const { backend, stateOf } = retrying([plugin('p'), module], {
      default: { onPluginModuleBootFailure: 'retry' },
    });
    await backend.start();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(stateOf('p')).toEqual({ status: 'failed', code: 'GR_MODULE_FAILED', retried: true });
    fails = false;
    await jest.advanceTimersByTimeAsync(2_000);
    expect(stateOf('p')).toEqual({ status: 'started' });
  });

  it('has its deadline in every attempt, with a warning while it waits', async () => {
    let hangs = true;
    const stuck = plugin('p', { init: () => (hangs ? new Promise<void>(() => {}) : undefined) });
    const { backend, stateOf, reporter } = retrying([stuck], {
      plugins: { p: { timeout: '6s' } },
      retry: { initialDelay: 100 },
    });
    const starting = backend.start();
    await jest.advanceTimersByTimeAsync(6_000);
    await starting;
    await jest.advanceTimersByTimeAsync(100);
    hangs = false;
    await jest.advanceTimersByTimeAsync(5_999);
    expect(stateOf('p')).toEqual({ status: 'failed', code: 'GR_START_TIMEOUT', retried: true });
    expect(reporter.waits()).toEqual(Array(2).fill("plugin 'p': waits for its init"));
    await jest.advanceTimersByTimeAsync(201);
    expect(stateOf('p')).toEqual({ status: 'started' });
  });

  it('finds a root service that failed lazily, and its root context, made again', async () => {
    const rootRef = createServiceRef<object>({ id: 'test.root', scope: 'root' });
    let fails = true;
    const flaky = async () => {
      if (fails) throw new Error('no connection');
      return {};
    };
    const root = createServiceFactory({
      service: rootRef,
      initialization: 'lazy',
      deps: {},
      factory: flaky,
    });
    const contextual = createServiceFactory({
      service: countedRef,
      deps: {},
      createRootContext: flaky,
      factory: () => 1,
    });
    const { backend, stateOf } = retrying([
      plugin('p', { deps: { root: rootRef } }),
      plugin('q', { deps: { counted: countedRef } }),
      root,
      contextual,
    ]);
    await backend.start();
    fails = false;
    await jest.advanceTimersByTimeAsync(1_000);
    expect([stateOf('p'), stateOf('q')]).toEqual([{ status: 'started' }, { status: 'started' }]);
  });

  it('may fail in register, and be registered again', async () => {
    let fails = true;
    const feature = createBackendPlugin({
      pluginId: 'p',
      register(reg) {
        if (fails) throw new Error('not yet');
        reg.registerInit({ deps: {}, init: async () => {} });
      },
    });
    const { backend, stateOf } = retrying([feature]);
    await backend.start();
    expect(stateOf('p')).toEqual({ status: 'failed', code: 'GR_REGISTER_FAILED', retried: true });
    fails = false;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(stateOf('p')).toEqual({ status: 'started' });
  });

  it('may fail in register before it names its plugin, and keeps its modules', async () => {
    let calls = 0;
    const inits: string[] = [];
    const nameless = {
      $$type: '@backstage/BackendFeature',
      version: 'v1',
      featureType: 'registrations',
      getRegistrations() {
        calls += 1;
        if (calls === 2) throw new Error('not now');
        const func = async () => {
          inits.push('p');
          if (calls === 1) throw new Error('not yet');
        };
        return [{ type: 'plugin-v1.1', pluginId: 'p', extensionPoints: [], init: { deps: {}, func } }];
      },
    } as BackendFeature;
    const module = pluginModule('p', 'm', { init: () => void inits.push('m') });
    const { backend, stateOf } = retrying([nameless, module]);
    await backend.start();
    expect(stateOf('p')).toEqual({ status: 'failed', code: 'GR_INIT_FAILED', retried: true });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(stateOf('p')).toEqual({ status: 'failed', code: 'GR_REGISTER_FAILED', retried: true });
    await jest.advanceTimersByTimeAsync(2_000);
    expect(stateOf('p')).toEqual({ status: 'started' });
    expect(inits).toEqual(['m', 'p', 'm', 'p']);
  });

  it('is retried even if its feature does not declare it for a while', async () => {
    let calls = 0;
    const changing = {
      $$type: '@backstage/BackendFeature',
      version: 'v1',
      featureType: 'registrations',
      getRegistrations() {
        calls += 1;
        const func = async () => {
          if (calls === 1) throw new Error('not yet');
        };
        const registration = {
          type: 'plugin-v1.1',
          pluginId: 'p',
          extensionPoints: [],
          init: { deps: {}, func },
        };
        return calls === 2 ? [] : [registration];
      },
    } as BackendFeature;
    const { backend, stateOf, reporter } = retrying([changing]);
    await backend.start();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(stateOf('p')).toEqual({ status: 'failed', code: 'GR_REGISTER_FAILED', retried: true });
    expect(reporter.events.at(-1)!.detail).toContain("Plugin 'p', added at");
    expect(reporter.events.at(-1)!.detail).toContain('it does not declare the plugin any more');
    await jest.advanceTimersByTimeAsync(2_000);
    expect(stateOf('p')).toEqual({ status: 'started' });
  });

  it('is not retried if its wiring is wrong', async () => {
    let registered = 0;
    const missing = createServiceRef<object>({ id: 'test.missing' });
    const wrong = createBackendPlugin({
      pluginId: 'p',
      register(reg) {
        registered += 1;
        reg.registerInit({ deps: { missing }, init: async () => {} });
      },
    });
    const { backend, stateOf } = retrying([wrong]);
    await backend.start();
    await jest.advanceTimersByTimeAsync(100_000);
    expect(stateOf('p')).toEqual({ status: 'failed', code: 'GR_SERVICE_MISSING' });
    expect(registered).toBe(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('many at a time cause no warning about listeners', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const plugins = Array.from({ length: 30 }, (_, nr) =>
      plugin(`p${nr}`, { init: () => Promise.reject(new Error('down')) }),
    );
    const { backend } = retrying(plugins);
    await backend.start();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });
});

describe('a stop ends retrying', () => {
  const failing = (attempts: string[]) =>
    plugin('p', {
      init: () => {
        attempts.push('init');
        throw new Error('down');
      },
    });

  it('during a pause', async () => {
    const attempts: string[] = [];
    const { backend } = retrying([failing(attempts)]);
    await backend.start();
    await backend.stop();
    await jest.advanceTimersByTimeAsync(100_000);
    expect(attempts).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('during an attempt that hangs, whose hooks are run', async () => {
    const order: string[] = [];
    let attempt = 0;
    const hanging = plugin('p', {
      deps: { hooks: lifecycle },
      init: ({ hooks }) => {
        const nr = ++attempt;
        hooks.addShutdownHook(() => void order.push(`down ${nr}`));
        if (nr === 1) throw new Error('down');
        return new Promise<void>(() => {});
      },
    });
    const { backend, stateOf } = retrying([hanging]);
    await backend.start();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(attempt).toBe(2);
    await backend.stop();
    expect(order).toEqual(['down 1', 'down 2']);
    expect(stateOf('p')).toEqual({ status: 'failed', code: 'GR_START_ABORTED' });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('while the hooks of the failed attempt run: waits for them, runs none twice, begins no attempt', async () => {
    const gate = deferred();
    let attempts = 0;
    let downs = 0;
    const slow = plugin('p', {
      deps: { hooks: lifecycle },
      init: ({ hooks }) => {
        attempts += 1;
        hooks.addShutdownHook(() => {
          downs += 1;
          return gate.promise;
        });
        throw new Error('down');
      },
    });
    const { backend } = retrying([slow]);
    await backend.start();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(downs).toBe(1);
    let stopped = false;
    const stopping = backend.stop().finally(() => (stopped = true));
    await jest.advanceTimersByTimeAsync(500);
    expect(stopped).toBe(false);
    gate.resolve();
    expect(await stopping).toMatchObject({ outcome: 'success', hooks: [{ owner: 'p', outcome: 'done' }] });
    await jest.advanceTimersByTimeAsync(100_000);
    expect({ attempts, downs }).toEqual({ attempts: 1, downs: 1 });
  });

  it('while these run: each of them has its own limit', async () => {
    const order: string[] = [];
    const take = (ms: number, what: string) => () =>
      new Promise<void>(resolve => setTimeout(() => (order.push(what), resolve()), ms));
    const closing = plugin('p', {
      deps: { hooks: lifecycle, root: coreServices.rootLifecycle },
      init: ({ hooks, root }) => {
        for (const nr of [2, 1]) hooks.addShutdownHook(take(10_000, `down ${nr}`));
        root.addShutdownHook(take(0, 'root down'));
        throw new Error('down');
      },
    });
    const { backend } = retrying([closing]);
    await backend.start();
    await jest.advanceTimersByTimeAsync(1_000);
    const stopping = backend.stop();
    await jest.advanceTimersByTimeAsync(20_001);
    expect(order).toEqual(['down 1', 'down 2', 'root down']);
    expect(await stopping).toMatchObject({ outcome: 'success' });
  });

  it('and a start that fails for another reason begins no retry', async () => {
    const attempts: string[] = [];
    const { backend } = retrying(
      [failing(attempts), plugin('fatal', { init: () => Promise.reject(new Error('no')) })],
      { plugins: { fatal: { onPluginBootFailure: 'abort' } } },
    );
    expect((await startedOrFailed(backend)).outcome).toBe('failure');
    await jest.advanceTimersByTimeAsync(100_000);
    expect(attempts).toHaveLength(1);
  });
});
