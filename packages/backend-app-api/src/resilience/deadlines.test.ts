// Deadlines of a start: what hangs is named, with the chain that waits for it, first as a warning and then as a failure.
import { ConfigReader } from '@backstage/config';
import {
  coreServices,
  createBackendFeatureLoader,
  createBackendModule,
  createBackendPlugin,
  createExtensionPoint,
  createServiceFactory,
  createServiceRef,
  type BackendFeature,
  type RootConfigService,
} from '@greenroom/backend-plugin-api';
import type { BackendFeatureInput } from '..';
import {
  backendFixture,
  deferred,
  entryOf,
  plugin,
  pluginModule,
  provide,
  recordedLogger,
  startedOrFailed,
} from '../scenarios/backendFixture';
import { fakeTime, realTime } from '../scenarios/fakeTime';
import { recordedReporter } from './recordedReporter';

beforeEach(() => fakeTime());
afterEach(realTime);

const forEver = () => new Promise<never>(() => {});
const refs = {
  outer: createServiceRef<object>({ id: 'test.outer' }),
  inner: createServiceRef<object>({ id: 'test.inner' }),
  root: createServiceRef<object>({ id: 'test.root', scope: 'root' }),
};
const point = createExtensionPoint<object>({ id: 'test.point' });
const lifecycle = coreServices.lifecycle;
const lazyRoot = (factory: () => Promise<object>) =>
  createServiceFactory({ service: refs.root, initialization: 'lazy', deps: {}, factory });
const outer = createServiceFactory({
  service: refs.outer,
  deps: { inner: refs.inner },
  factory: ({ inner }) => inner,
});
const usesOuter = plugin('p', { deps: { outer: refs.outer } });

const hangs: Record<string, { features: BackendFeature[]; chain: string[] }> = {
  'the init of the plugin': {
    features: [plugin('p', { init: forEver })],
    chain: ['its init'],
  },
  'a service factory, however deep': {
    features: [usesOuter, outer, provide(refs.inner, forEver)],
    chain: ["service 'test.outer'", "service 'test.inner'"],
  },
  'a root context': {
    features: [
      usesOuter,
      createServiceFactory({
        service: refs.outer,
        deps: {},
        createRootContext: forEver,
        factory: () => ({}),
      }),
    ],
    chain: ["service 'test.outer'"],
  },
  'a root service that is made when it is asked for': {
    features: [plugin('p', { deps: { root: refs.root } }), lazyRoot(forEver)],
    chain: ["service 'test.root'"],
  },
  'the init of a module': {
    features: [plugin('p'), pluginModule('p', 'quick'), pluginModule('p', 'm', { init: forEver })],
    chain: ["module 'm'"],
  },
  'a service of a module': {
    features: [
      plugin('p'),
      pluginModule('p', 'm', { deps: { inner: refs.inner } }),
      provide(refs.inner, forEver),
    ],
    chain: ["module 'm'", "service 'test.inner'"],
  },
  'an extension point that is made asynchronously': {
    features: [
      createBackendPlugin({
        pluginId: 'p',
        register(reg) {
          reg.registerExtensionPoint({ extensionPoint: point, factory: forEver });
          reg.registerInit({ deps: {}, init: async () => {} });
        },
      }),
      pluginModule('p', 'm', { deps: { point } }),
    ],
    chain: ["module 'm'"],
  },
  'a startup hook': {
    features: [
      plugin('p', {
        deps: { lifecycle },
        init: ({ lifecycle: hooks }) => {
          hooks.addStartupHook(() => {});
          hooks.addStartupHook(forEver);
        },
      }),
    ],
    chain: ['startup hook 2'],
  },
};

/** Starts a backend without waiting for it. */
function begin(features: readonly BackendFeatureInput[], startup: object = {}) {
  const reporter = recordedReporter();
  const backend = backendFixture({
    features: [reporter.factory, ...features],
    config: { backend: { startup: startup as {} } },
  });
  const starting = startedOrFailed(backend);
  let isOver = false;
  void starting.finally(() => (isOver = true));
  return { backend, reporter, starting, isOver: () => isOver };
}
const withTimeout = (timeout: unknown) => ({ default: { timeout } });

describe('what hangs in the start of a plugin', () => {
  it.each(Object.entries(hangs))(
    '%s: is reported after 5 s, and fails the plugin at the deadline',
    async (_, hang) => {
      const { reporter, starting, isOver } = begin(hang.features, withTimeout('10s'));
      await jest.advanceTimersByTimeAsync(4_900);
      expect(reporter.waits()).toEqual([]);
      await jest.advanceTimersByTimeAsync(1_100);
      expect(reporter.waits()).toEqual([`plugin 'p': waits for ${hang.chain.join(' -> ')}`]);
      await jest.advanceTimersByTimeAsync(3_999);
      expect(isOver()).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      const result = await starting;
      expect(entryOf(result, 'p')).toMatchObject({
        status: 'failed',
        durationMs: 10_000,
        failure: {
          allowed: false,
          error: {
            code: 'GR_START_TIMEOUT',
            fields: { subject: "plugin 'p'", timeoutMs: 10_000, waitsFor: hang.chain },
          },
        },
      });
      expect(result.durationMs).toBe(10_000);
    },
  );

  it('is named for everyone who waits for it, not only for the one who asked first', async () => {
    const deps = { root: refs.root };
    const shared = [plugin('p', { deps }), plugin('q', { deps }), lazyRoot(forEver)];
    const { starting } = begin(shared, withTimeout(50));
    await jest.advanceTimersByTimeAsync(50);
    const result = await starting;
    for (const id of ['p', 'q']) {
      expect(entryOf(result, id).failure!.error).toMatchObject({
        fields: { waitsFor: ["service 'test.root'"] },
      });
    }
  });

  it('is named for two modules that share it, and through a shared root context', async () => {
    const deps = { inner: refs.inner };
    const modules = [plugin('p'), pluginModule('p', 'a', { deps }), pluginModule('p', 'b', { deps })];
    const context = createServiceFactory({
      service: refs.inner,
      deps: {},
      createRootContext: forEver,
      factory: () => ({}),
    });
    const { starting } = begin([...modules, plugin('q', { deps }), context], withTimeout(50));
    await jest.advanceTimersByTimeAsync(50);
    const result = await starting;
    expect(entryOf(result, 'p').failure!.error).toMatchObject({
      fields: { waitsFor: ["module 'b'", "service 'test.inner'"] },
    });
    expect(entryOf(result, 'q').failure!.error).toMatchObject({
      fields: { waitsFor: ["service 'test.inner'", "service 'test.inner'"] },
    });
  });

  it.each([
    ['milliseconds', 250, 250],
    ['a string', '2s', 2_000],
    ['an ISO duration', 'PT1M', 60_000],
    ['an object', { minutes: 1, seconds: 30 }, 90_000],
  ])('the deadline may be given as %s', async (_, timeout, ms) => {
    const { starting, isOver } = begin([plugin('p', { init: forEver })], withTimeout(timeout));
    await jest.advanceTimersByTimeAsync(ms - 1);
    expect(isOver()).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect((await starting).outcome).toBe('failure');
  });

  it('a deadline that is longer than a timer can take does not end at once', async () => {
    const { isOver } = begin([plugin('p', { init: forEver })], withTimeout({ days: 60 }));
    await jest.advanceTimersByTimeAsync(3_600_000);
    expect(isOver()).toBe(false);
  });

  it('a plugin may have a deadline of its own, and others go on', async () => {
    const slow = deferred();
    const features = [plugin('p', { init: forEver }), plugin('q', { init: () => slow.promise })];
    const { starting } = begin(features, {
      default: { timeout: '1h', onPluginBootFailure: 'continue' },
      plugins: { p: { timeout: 30 } },
    });
    await jest.advanceTimersByTimeAsync(30);
    await jest.advanceTimersByTimeAsync(1_000);
    slow.resolve();
    const result = await starting;
    expect(result.outcome).toBe('success');
    expect(entryOf(result, 'p').failure).toMatchObject({
      allowed: true,
      error: { code: 'GR_START_TIMEOUT' },
    });
    expect(entryOf(result, 'p').durationMs).toBe(30);
    expect(entryOf(result, 'q')).toMatchObject({ status: 'started', durationMs: 1_030 });
  });

  it('fails the plugin even if one of its modules has failed and may be retried', async () => {
    const failing = pluginModule('p', 'retried', { init: () => Promise.reject(new Error('boom')) });
    const features = [plugin('p'), failing, pluginModule('p', 'hanging', { init: forEver })];
    const { starting } = begin(features, {
      default: { timeout: 20 },
      plugins: { p: { modules: { retried: { onPluginModuleBootFailure: 'retry' } } } },
    });
    await jest.advanceTimersByTimeAsync(20);
    const result = await starting;
    expect(result.outcome).toBe('failure');
    expect(entryOf(result, 'p').failure).toMatchObject({
      allowed: false,
      error: { code: 'GR_START_TIMEOUT' },
    });
  });

  it('has no deadline by default, and is reported again each time the wait has doubled', async () => {
    const gate = deferred();
    const { reporter, starting } = begin([plugin('p', { init: () => gate.promise })]);
    await jest.advanceTimersByTimeAsync(81_000);
    const told = reporter.events.filter(({ kind }) => kind === 'waiting').map(event => event.elapsedMs);
    expect(told.map(ms => Math.round(ms / 1_000))).toEqual([5, 10, 20, 40, 80]);
    gate.resolve();
    expect((await starting).outcome).toBe('success');
    await jest.advanceTimersByTimeAsync(600_000);
    expect(reporter.waits()).toHaveLength(5);
  });
});

describe('what hangs before there is a logger', () => {
  let said: string[] = [];
  let stderr: jest.SpyInstance;
  beforeEach(() => {
    said = [];
    stderr = jest.spyOn(process.stderr, 'write').mockImplementation(text => said.push(String(text)) > 0);
  });
  afterEach(() => stderr.mockRestore());

  it.each<[string, BackendFeatureInput, RegExp]>([
    [
      'an import',
      forEver(),
      /^The backend waits for the features that were added -> the feature added at \S+\.ts:\d+:\d+, for 5\.\d s now\n$/,
    ],
    [
      'a feature loader',
      createBackendFeatureLoader({ loader: forEver }),
      /^The backend waits for .* -> the feature loader created at '\S+deadlines\.test\.ts:\d+:\d+', for/,
    ],
    [
      'a service that a feature loader needs',
      createBackendFeatureLoader({ deps: { root: refs.root }, loader: () => [] }),
      /^The backend waits for .* -> the feature loader .* -> service 'test\.root', for/,
    ],
    [
      'the configuration',
      provide(coreServices.rootConfig, forEver),
      /^The backend waits for service 'core\.rootConfig', for/,
    ],
    [
      'the logger',
      provide(coreServices.rootLogger, forEver),
      /^The backend waits for service 'core\.rootLogger', for/,
    ],
  ])('%s: is reported in the terminal, until the start is over', async (_, feature, told) => {
    const { backend, starting } = begin([feature, lazyRoot(forEver)]);
    await jest.advanceTimersByTimeAsync(4_900);
    expect(said).toEqual([]);
    await jest.advanceTimersByTimeAsync(1_100);
    expect(said).toEqual([expect.stringMatching(told)]);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(said).toHaveLength(2);
    await backend.stop();
    await starting;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(said).toHaveLength(2);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is reported by check(), too', async () => {
    const gate = deferred<{ default: BackendFeature }>();
    const config = deferred<RootConfigService>();
    const features = [gate.promise, provide(coreServices.rootConfig, () => config.promise)];
    const checking = backendFixture({ features }).check();
    await jest.advanceTimersByTimeAsync(5_000);
    gate.resolve({ default: plugin('p') });
    await jest.advanceTimersByTimeAsync(5_000);
    expect(said).toEqual(
      ['the features that were added', "service 'core.rootConfig'"].map(what =>
        expect.stringMatching(`^The backend waits for ${what}`),
      ),
    );
    config.resolve(new ConfigReader({}));
    await expect(checking).resolves.toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('what hangs in the root', () => {
  it('a root service is the failure of the backend, and no plugin starts', async () => {
    const { reporter, starting } = begin([provide(refs.root, forEver), plugin('p')], withTimeout('10s'));
    await jest.advanceTimersByTimeAsync(10_000);
    const result = await starting;
    expect(reporter.waits()).toEqual(["the backend: waits for service 'test.root'"]);
    expect(result.problems).toMatchObject([
      { code: 'GR_START_TIMEOUT', fields: { subject: 'the backend', waitsFor: ["service 'test.root'"] } },
    ]);
    expect(entryOf(result, 'p').status).toBe('skipped');
  });

  it('a root startup hook is, too', async () => {
    const hooked = createServiceFactory({
      service: refs.root,
      deps: { root: coreServices.rootLifecycle },
      factory: ({ root }) => {
        root.addStartupHook(forEver);
        return {};
      },
    });
    const { reporter, starting } = begin([hooked], withTimeout('10s'));
    await jest.advanceTimersByTimeAsync(10_000);
    expect((await starting).problems).toMatchObject([
      { code: 'GR_START_TIMEOUT', fields: { waitsFor: ['startup hook 1'] } },
    ]);
    expect(reporter.waits()).toEqual(['the backend: waits for startup hook 1']);
  });

  it('the root logger is waited for once, although the reporter may need it, too', async () => {
    const logger = provide(coreServices.rootLogger, forEver);
    const { starting } = begin([logger], withTimeout(40));
    await jest.advanceTimersByTimeAsync(40);
    const { problems, durationMs } = await starting;
    expect(problems).toMatchObject([{ fields: { waitsFor: ["service 'core.rootLogger'"] } }]);
    expect(durationMs).toBe(40);
  });

  it('a problem that comes up after the deadline does not change the result any more', async () => {
    const gate = deferred<object>();
    const { starting } = begin([provide(refs.root, () => gate.promise)], withTimeout(40));
    await jest.advanceTimersByTimeAsync(40);
    const result = await starting;
    gate.reject(new Error('too late'));
    await jest.advanceTimersByTimeAsync(1);
    expect(result.problems).toHaveLength(1);
    expect(result.spans.find(({ name }) => name === 'test.root')!.end).toBeUndefined();
  });
});

describe('what goes on after a deadline or a stop begins nothing further', () => {
  const steps: string[] = [];
  let gate = deferred<object>();
  beforeEach(() => void (gate = deferred()));
  const noting = (step: string) => () => void steps.push(step);
  const cases: Record<string, BackendFeature[]> = {
    'after a service': [
      provide(refs.inner, () => gate.promise),
      createServiceFactory({
        service: refs.outer,
        deps: { inner: refs.inner },
        factory: () => noting('factory') as object,
      }),
      plugin('p', { deps: { outer: refs.outer }, init: noting('init') }),
    ],
    'after a service of a module': [
      provide(refs.inner, () => gate.promise),
      plugin('p', { init: noting('init') }),
      pluginModule('p', 'm', { deps: { inner: refs.inner }, init: noting('module init') }),
    ],
    'after a module that others wait for': [
      plugin('p', { init: noting('init') }),
      createBackendModule({
        pluginId: 'p',
        moduleId: 'provider',
        register(reg) {
          reg.registerExtensionPoint(point, {});
          reg.registerInit({ deps: {}, init: async () => noting('provider')() });
        },
      }),
      pluginModule('p', 'consumer', { deps: { point }, init: () => gate.promise.then(() => {}) }),
    ],
    'after an init': [
      plugin('p', {
        deps: { lifecycle },
        init: async ({ lifecycle: hooks }) => {
          hooks.addStartupHook(noting('startup hook'));
          await gate.promise;
        },
      }),
    ],
  };
  it.each(Object.entries(cases))('%s', async (_, features) => {
    const late = begin(features, withTimeout(20));
    const stopped = begin(features);
    await jest.advanceTimersByTimeAsync(20);
    await stopped.backend.stop();
    expect((await late.starting).outcome).toBe('failure');
    expect((await stopped.starting).outcome).toBe('failure');
    gate.resolve({});
    await jest.advanceTimersByTimeAsync(1);
    expect(steps).toEqual([]);
  });

  it('nor does it change a result that is read only then', async () => {
    const backend = backendFixture({
      features: cases['after a module that others wait for']!,
      config: { backend: { startup: { default: { timeout: 20, onPluginBootFailure: 'continue' } } } },
    });
    const starting = startedOrFailed(backend);
    await jest.advanceTimersByTimeAsync(20);
    const result = await starting;
    gate.resolve({});
    await jest.advanceTimersByTimeAsync(1);
    expect(entryOf(result, 'p', 'provider')).toMatchObject({ status: 'skipped', durationMs: 0 });
  });
});

describe('waiting is reported', () => {
  it('by the root logger if there is no reporter', async () => {
    const logger = recordedLogger();
    const backend = backendFixture({
      features: [logger.factory, plugin('p', { init: forEver })],
      config: { backend: { startup: { default: { timeout: '6s', onPluginBootFailure: 'continue' } } } },
    });
    const starting = backend.start();
    await jest.advanceTimersByTimeAsync(6_000);
    await starting;
    expect(logger.lines).toEqual([
      "warn: Plugin 'p' waits for its init, for 5.0 s now",
      expect.stringMatching(/^warn: Plugin 'p' was not up after 6000 ms/),
    ]);
  });
});
