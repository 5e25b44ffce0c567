// The forms in which features are accepted, including those of older releases.
import {
  coreServices,
  createBackendFeatureLoader,
  createBackendModule,
  createBackendPlugin,
  createExtensionPoint,
  createServiceFactory,
  createServiceRef,
  type BackendFeature,
} from '@greenroom/backend-plugin-api';
import { backendFixture, deferred, failuresOf, plugin, pluginModule, resultOf } from './backendFixture';

const nameRef = createServiceRef<string>({ id: 'test.name' });
const itemsPoint = createExtensionPoint<string[]>({ id: 'test.items' });
const morePoint = createExtensionPoint<string[]>({ id: 'test.more' });
const marker = { $$type: '@backstage/BackendFeature', version: 'v1' };
const feature = (fields: object) => ({ ...marker, ...fields }) as unknown as BackendFeature;
const startedIds = async (...features: Parameters<typeof resultOf>[0]) => {
  const result = await resultOf(features);
  expect(failuresOf(result)).toEqual([]);
  return result.plugins.filter(({ status }) => status === 'started').map(({ pluginId }) => pluginId);
};

describe('features can be added', () => {
  const made = createBackendPlugin({
    pluginId: 'p',
    register: reg => reg.registerInit({ deps: {}, init: async () => {} }),
  });

  it('as they are, and in the older style by calling them', async () => {
    const got: string[] = [];
    const module = createBackendModule({
      pluginId: 'p',
      moduleId: 'm',
      register: reg =>
        reg.registerInit({ deps: { name: nameRef }, init: async ({ name }) => void got.push(name) }),
    });
    const factory = createServiceFactory({ service: nameRef, deps: {}, factory: () => 'name' });
    await expect(startedIds(made, module, factory)).resolves.toEqual(['p']);
    await expect(startedIds(made(), module(), factory())).resolves.toEqual(['p']);
    expect(got).toEqual(['name', 'name']);
  });

  it('as the promise of a module, which import() returns', async () => {
    await expect(startedIds(Promise.resolve({ default: made }))).resolves.toEqual(['p']);
  });

  it('wrapped in `default` twice, as CommonJS interop does', async () => {
    const twice = { default: { default: made } };
    await expect(startedIds(Promise.resolve(twice))).resolves.toEqual(['p']);
  });

  it('as modules and promises of features themselves', async () => {
    const module = { default: plugin('a') } as unknown as BackendFeature;
    const promise = Promise.resolve(plugin('b')) as unknown as Promise<{ default: BackendFeature }>;
    await expect(startedIds(module, promise)).resolves.toEqual(['a', 'b']);
  });

  it('in an order that is kept, whichever import is ready first', async () => {
    const slow = deferred<{ default: BackendFeature }>();
    const quick = Promise.resolve({ default: plugin('b') }).finally(() =>
      slow.resolve({ default: plugin('a') }),
    );
    await expect(startedIds(slow.promise, quick, plugin('c'))).resolves.toEqual(['a', 'b', 'c']);
  });

  it('frozen, and with fields that this engine does not know', async () => {
    const registration = {
      type: 'plugin-v1.1',
      pluginId: 'p',
      extensionPoints: [],
      init: { deps: {}, func: async () => {}, later: true },
      color: 'green',
    };
    const future = Object.freeze(
      feature({ featureType: 'registrations', icon: '♣', getRegistrations: () => [registration] }),
    );
    await expect(startedIds(future)).resolves.toEqual(['p']);
  });
});

describe('features of older releases', () => {
  it("registrations of the types 'plugin' and 'module', whose extension points are pairs", async () => {
    const items: string[] = [];
    const older = feature({
      getRegistrations: () => [
        {
          type: 'plugin',
          pluginId: 'p',
          extensionPoints: [[itemsPoint, items]],
          init: { deps: {}, func: async () => void items.push('plugin') },
        },
        {
          type: 'module',
          pluginId: 'p',
          moduleId: 'older',
          extensionPoints: [[morePoint, items]],
          init: {
            deps: { items: itemsPoint },
            func: async (deps: { items: string[] }) => deps.items.push('older'),
          },
        },
      ],
    });
    const newer = pluginModule('p', 'newer', {
      deps: { items: itemsPoint, more: morePoint },
      init: deps => void (deps.items.push('newer'), deps.more.push('more')),
    });
    await expect(startedIds(older, newer)).resolves.toEqual(['p']);
    expect(items).toEqual(['newer', 'more', 'older', 'plugin']);
  });

  it('service factories that do not name their type', async () => {
    const got: string[] = [];
    const older = feature({ service: nameRef, deps: {}, factory: async () => 'older' });
    await startedIds(
      older,
      plugin('p', { deps: { name: nameRef }, init: ({ name }) => void got.push(name) }),
    );
    expect(got).toEqual(['older']);
  });

  it('functions that are marked as making a feature, also in modules and loaders and given as services', async () => {
    const makes = (made: BackendFeature) =>
      Object.assign(() => made, { $$type: '@backstage/BackendFeatureFactory' }) as unknown as BackendFeature;
    const loader = createBackendFeatureLoader({ loader: () => [makes(plugin('a'))] });
    const imported = Promise.resolve({ default: makes(plugin('b')) });
    const twice = Promise.resolve({ default: { default: makes(plugin('c')) } });
    const ids = await startedIds(loader, imported, twice, makes(plugin('d')));
    expect(ids.sort()).toEqual(['a', 'b', 'c', 'd']);

    const got: string[] = [];
    const factory = createServiceFactory({ service: nameRef, deps: {}, factory: () => 'older' });
    const consumer = plugin('p', {
      deps: { name: nameRef },
      init: ({ name }) => void got.push(name),
    });
    await backendFixture({ services: [makes(factory) as never], features: [consumer] }).start();
    expect(got).toEqual(['older']);
  });
});

it('references that leave out their scope are of plugins', async () => {
  const got: unknown[] = [];
  const service = { $$type: '@backstage/ServiceRef', id: 'test.older' };
  const deps = { metadata: coreServices.pluginMetadata };
  const factory = (made: { metadata: { getId(): string } }) => void got.push(made.metadata.getId());
  const older = feature({ featureType: 'service', initialization: 'always', service, deps, factory });
  await startedIds(older, plugin('p'), plugin('q'));
  expect(got).toEqual(['p', 'q']);
  const { services } = await backendFixture({ features: [older] }).inspect();
  expect(services.find(({ id }) => id === 'test.older')).toMatchObject({ scope: 'plugin' });
});
