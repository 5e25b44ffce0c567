// Tests of createBackendFeatureLoader: every form in which a loader may give features.
import type { InternalFeatureLoader } from '../internal/features';
import { coreServices } from '../services/coreServices';
import type { BackendFeature } from './BackendFeature';
import { createBackendFeatureLoader } from './createBackendFeatureLoader';
import { createBackendPlugin } from './createBackendPlugin';

const plugin = (pluginId: string) => createBackendPlugin({ pluginId, register: () => {} });
const [a, b, c, d] = [plugin('a'), plugin('b'), plugin('c'), plugin('d')];
const twice = (feature: BackendFeature) => ({ default: { default: feature } });
const imported = async (feature: BackendFeature) => ({ default: feature });

type Result = ReturnType<Parameters<typeof createBackendFeatureLoader>[0]['loader']>;
const load = (loader: () => Result, deps = {}) =>
  (createBackendFeatureLoader({ loader }) as unknown as InternalFeatureLoader).loader(deps);

describe('createBackendFeatureLoader', () => {
  it('returns a feature of the documented shape, which says where it was created', () => {
    const loader = createBackendFeatureLoader({
      deps: { config: coreServices.rootConfig },
      loader: () => [],
    });
    expect({ ...loader }).toMatchObject({
      $$type: '@backstage/BackendFeature',
      version: 'v1',
      featureType: 'loader',
      deps: { config: coreServices.rootConfig },
    });
    const { description } = loader as unknown as InternalFeatureLoader;
    expect(description).toMatch(/^created at '.*createBackendFeatureLoader\.test\.ts:\d+:\d+'$/);
    expect(loader()).toBe(loader);
  });

  it('passes its dependencies on', async () => {
    const loader = jest.fn(() => [a]);
    await load(loader, { config: 1 });
    expect(loader).toHaveBeenCalledWith({ config: 1 });
  });

  const forms: Array<[string, () => Result]> = [
    ['a list', () => [a, imported(b), c, imported(d)]],
    ['a promise of a list', async () => [a, imported(b), c, imported(d)]],
    ['a set', () => new Set([a, imported(b), c, imported(d)])],
    [
      'a generator',
      function* generate() {
        yield a;
        yield imported(b);
        yield c;
        yield imported(d);
      },
    ],
    [
      'an asynchronous generator',
      async function* generate() {
        yield a;
        yield await imported(b);
        yield c;
        yield { default: d };
      },
    ],
    [
      'modules that were wrapped twice',
      () => [Promise.resolve(twice(a)), imported(b), c, Promise.resolve(twice(d))],
    ],
  ];
  it.each(forms)('takes %s', async (_, loader) => {
    expect(await load(loader)).toEqual([a, b, c, d]);
  });

  it('keeps the order, whatever arrives first', async () => {
    const pending: Array<() => void> = [];
    const late = (feature: BackendFeature) =>
      new Promise<{ default: BackendFeature }>(resolve => pending.push(() => resolve({ default: feature })));
    const loaded = load(() => [late(a), late(b), late(c)]);
    await Promise.resolve();
    for (const resolve of pending.reverse()) resolve();
    expect(await loaded).toEqual([a, b, c]);
  });

  it.each([
    ['nothing', undefined, /returned undefined instead of a list/],
    ['a single feature', a, /returned a single feature instead of a list/],
    ['a string', 'catalog', /returned the string 'catalog' instead of a list/],
    [
      'a wrong item',
      [a, { something: 1 }],
      /returned an object with something as item 1, which is not a backend feature/,
    ],
    ['a hole', [undefined], /returned undefined as item 0/],
    ['a module without default', [Promise.resolve({ plugin: a })], /an object with plugin as item 0/],
  ])('refuses %s and names the loader', async (_, result, message) => {
    const failed = load(() => result as unknown as Result);
    await expect(failed).rejects.toMatchObject({
      code: 'GR_LOADER_RESULT',
      message: expect.stringMatching(message),
    });
    await expect(failed).rejects.toThrow(
      /^The feature loader created at '.*createBackendFeatureLoader\.test\.ts/,
    );
  });

  it('fails with what the loader throws, or what an import rejects with', async () => {
    const error = new Error('no such module');
    await expect(load(() => [Promise.reject(error)])).rejects.toBe(error);
    await expect(
      load(() => {
        throw error;
      }),
    ).rejects.toBe(error);
  });

  it('leaves no rejection behind when a generator throws after it yielded an import that fails', async () => {
    const failed = load(function* generate() {
      yield Promise.reject(new Error('import'));
      throw new Error('generator');
    });
    await expect(failed).rejects.toThrow('generator');
    // Jest fails the test for what has rejected by then with nobody listening.
    await new Promise(resolve => setImmediate(resolve));
  });
});
