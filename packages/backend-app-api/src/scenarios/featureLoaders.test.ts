// Feature loaders: what they may return, depend on and replace, and how they fail.
import {
  coreServices,
  createBackendFeatureLoader,
  createServiceFactory,
  createServiceRef,
  type BackendFeature,
} from '@greenroom/backend-plugin-api';
import { deferred, entryOf, failuresOf, plugin, pluginModule, provide, resultOf } from './backendFixture';

const a = plugin('a');
const b = plugin('b');
const moduleOf = (feature: BackendFeature) => ({ default: feature });

const idsOf = async (...features: BackendFeature[]) => {
  const result = await resultOf(features);
  expect(failuresOf(result)).toEqual([]);
  return result.plugins.map(entry => entry.pluginId);
};

describe('a feature loader may return its features', () => {
  const slow = deferred<{ default: BackendFeature }>();
  type Loader = Parameters<typeof createBackendFeatureLoader>[0]['loader'];
  it.each<[string, Loader]>([
    ['as an array', () => [a, b]],
    ['as a promise of an array', async () => [a, b]],
    [
      'from a generator, modules wrapped twice by CommonJS interop among them',
      function* generate() {
        yield Promise.resolve(moduleOf(a));
        yield Promise.resolve({ default: moduleOf(b) as unknown as BackendFeature });
      },
    ],
    [
      'from an async generator',
      async function* generate() {
        yield a;
        yield moduleOf(b);
      },
    ],
    [
      'as promises of modules, in the order in which they are listed',
      () => {
        const quick = Promise.resolve(moduleOf(b)).finally(() => slow.resolve(moduleOf(a)));
        return [slow.promise, quick];
      },
    ],
  ])('%s', async (_, loader) => {
    await expect(idsOf(createBackendFeatureLoader({ loader }))).resolves.toEqual(['a', 'b']);
  });
});

describe('features of loaders take the place of their loader', () => {
  it('even through several loaders', async () => {
    const inner = createBackendFeatureLoader({ loader: () => [plugin('three'), plugin('four')] });
    const middle = createBackendFeatureLoader({ loader: async () => [plugin('two'), inner] });
    const outer = createBackendFeatureLoader({ loader: () => [middle, plugin('five')] });
    await expect(idsOf(plugin('one'), outer, plugin('six'))).resolves.toEqual([
      'one',
      'two',
      'three',
      'four',
      'five',
      'six',
    ]);
  });

  it('modules may come from another loader than their plugin', async () => {
    const order: string[] = [];
    const ofModule = createBackendFeatureLoader({
      loader: () => [pluginModule('p', 'm', { init: () => void order.push('module') })],
    });
    const ofPlugin = createBackendFeatureLoader({
      loader: () => [plugin('p', { init: () => void order.push('plugin') })],
    });
    await idsOf(ofModule, ofPlugin);
    expect(order).toEqual(['module', 'plugin']);
  });

  it('a loader may return nothing', async () => {
    await expect(idsOf(createBackendFeatureLoader({ loader: () => [] }), a)).resolves.toEqual(['a']);
  });
});

describe('a loader can depend on root services', () => {
  const flagRef = createServiceRef<{ on: boolean }>({ id: 'test.flag', scope: 'root' });
  const flag = (on: boolean) => provide(flagRef, () => ({ on }));

  it('for example on the configuration, to decide what to load', async () => {
    const loader = createBackendFeatureLoader({
      deps: { config: coreServices.rootConfig },
      *loader({ config }) {
        for (const id of config.getStringArray('install')) yield plugin(id);
      },
    });
    const result = await resultOf([loader], { config: { install: ['x', 'y'] } });
    expect(result.plugins.map(entry => entry.pluginId)).toEqual(['x', 'y']);
  });

  it('and the plugins see the same instance', async () => {
    const seen: unknown[] = [];
    const consumer = plugin('p', { deps: { flag: flagRef }, init: deps => void seen.push(deps.flag) });
    const loader = createBackendFeatureLoader({
      deps: { flag: flagRef },
      loader: deps => {
        seen.push(deps.flag);
        return [consumer];
      },
    });
    await idsOf(loader, flag(true));
    expect(seen).toHaveLength(2);
    expect(seen[0]).toBe(seen[1]);
  });

  it('an inner loader can depend on a service that its outer loader gave', async () => {
    const inner = createBackendFeatureLoader({
      deps: { flag: flagRef },
      loader: deps => (deps.flag.on ? [a] : [b]),
    });
    const outer = createBackendFeatureLoader({ loader: () => [inner, flag(true)] });
    await expect(idsOf(outer)).resolves.toEqual(['a']);
  });

  it('only those it asks for are made while features are collected', async () => {
    const order: string[] = [];
    const recorded = (id: string, deps = {}) =>
      createServiceFactory({
        service: createServiceRef<object>({ id, scope: 'root' }),
        deps,
        factory: () => {
          order.push(id);
          return {};
        },
      });
    const asked = recorded('test.asked');
    const loader = createBackendFeatureLoader({
      deps: { asked: asked.service as typeof flagRef },
      loader: () => {
        order.push('loader');
        return [plugin('p', { init: () => void order.push('init') })];
      },
    });
    await idsOf(recorded('test.bystander'), asked, loader);
    expect(order).toEqual(['test.asked', 'loader', 'test.bystander', 'init']);
  });

  it('fails if it needs a plugin service, a service without a factory, or one that fails', async () => {
    const perPluginRef = createServiceRef<string>({ id: 'test.perPlugin' });
    const asking = (ref: unknown) =>
      createBackendFeatureLoader({ deps: { value: ref as typeof flagRef }, loader: () => [a] });
    const broken = provide(flagRef, () => {
      throw new Error('torn');
    });
    const absentRef = createServiceRef<string>({ id: 'test.absent', scope: 'root' });
    for (const [loader, factory, reason] of [
      [
        asking(perPluginRef),
        provide(perPluginRef, () => ''),
        "depends on 'test.perPlugin', which exists once",
      ],
      [asking(absentRef), flag(true), "needs service 'test.absent', for which there is no factory"],
      [asking(flagRef), broken, 'torn'],
    ] as const) {
      const result = await resultOf([factory, loader, b]);
      const [first] = failuresOf(result);
      expect(first).toEqual(['GR_LOADER_FAILED', expect.stringContaining(reason)]);
      expect(first![1]).toMatch(
        /^The feature loader created at '.*featureLoaders\.test\.ts:\d+:\d+'.*\(.*added at .*\.ts:\d+:\d+\)/,
      );
      expect(entryOf(result, 'b').status).toBe('skipped');
    }
  });

  it("a service that it has used can't be replaced by what is loaded afterwards", async () => {
    const usesDefault = createBackendFeatureLoader({
      deps: { flag: flagRef },
      loader: () => [flag(false), a],
    });
    const result = await resultOf([usesDefault], { defaultServiceFactories: [flag(true)] });
    expect(failuresOf(result)).toEqual([
      [
        'GR_SERVICE_ALREADY_CREATED',
        expect.stringMatching(
          /^Service 'test\.flag' can't be replaced .*through the feature loader created at/,
        ),
      ],
    ]);
    expect(entryOf(result, 'a').status).toBe('skipped');
  });
});

describe('a loader that fails is a problem of the backend, and all are reported at once', () => {
  const failing = (loader: () => unknown) => createBackendFeatureLoader({ loader: loader as () => [] });
  it.each([
    ['throws', () => Promise.reject(new Error('no network')), 'no network'],
    ['returns a single feature', () => a, 'returned a single feature instead of a list'],
    ['returns a list with something else in it', () => [a, 42], 'returned the number 42 as item 1'],
    ['has an import that fails', () => [Promise.reject(new Error('not installed'))], 'not installed'],
    [
      'throws half way through a generator',
      function* generator() {
        yield a;
        throw new Error('half way');
      },
      'half way',
    ],
  ])('one that %s', async (_, loader, reason) => {
    const result = await resultOf([failing(loader), b, failing(loader)]);
    expect(failuresOf(result)).toEqual(
      Array.from({ length: 2 }, () => [
        'GR_LOADER_FAILED',
        expect.stringMatching(new RegExp(`^The feature loader.*${reason}`)),
      ]),
    );
    expect(result.plugins.map(({ pluginId, status }) => [pluginId, status])).toEqual([['b', 'skipped']]);
  });

  it('one whose service lacks another one is one problem, even if that service is a default that nothing else needs', async () => {
    const lacking = createServiceRef<object>({ id: 'test.lacking', scope: 'root' });
    const service = createServiceRef<object>({
      id: 'test.default',
      scope: 'root',
      defaultFactory: async ref =>
        createServiceFactory({ service: ref, deps: { lacking }, factory: () => ({}) }),
    });
    const asking = createBackendFeatureLoader({ deps: { service }, loader: () => [] });
    const told = failuresOf(await resultOf([asking]));
    expect(told.map(([code]) => code)).toEqual(['GR_LOADER_FAILED']);
  });

  it('one of another implementation that does not say where it was created', async () => {
    const loader = { $$type: '@backstage/BackendFeature', version: 'v1', featureType: 'loader' };
    const throwing = { ...loader, loader: () => Promise.reject(new Error('no network')) };
    const asking = { ...loader, deps: { logger: coreServices.logger }, loader: async () => [] };
    const result = await resultOf([throwing as BackendFeature, asking as BackendFeature]);
    expect(failuresOf(result)).toEqual([
      [
        'GR_LOADER_FAILED',
        expect.stringMatching(/^The feature loader without a description, added at .*no network/),
      ],
      [
        'GR_LOADER_FAILED',
        expect.stringMatching(/^The feature loader without a description needs service 'core\.logger'/),
      ],
    ]);
  });

  it('one that returns itself through another one', async () => {
    const outer: BackendFeature = createBackendFeatureLoader({ loader: () => [inner] });
    const inner: BackendFeature = createBackendFeatureLoader({ loader: () => [outer] });
    const result = await resultOf([outer]);
    expect(failuresOf(result)).toEqual([['GR_LOADER_FAILED', expect.stringContaining('it returns itself')]]);
  });
});
