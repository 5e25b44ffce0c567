// Ids that are also names of properties that every object has, such as `constructor`: they work like any other.
import { createExtensionPoint, createServiceRef, type BackendFeature } from '@greenroom/backend-plugin-api';
import {
  backendFixture,
  entryOf,
  failuresOf,
  plugin,
  pluginModule,
  provide,
  resultOf,
} from './backendFixture';

const words = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'];
const config = { backend: { startup: { default: {}, plugins: { other: { modules: {} } } } } };

describe.each(words)('%s', word => {
  const ref = createServiceRef<string>({ id: word });
  const point = createExtensionPoint<string[]>({ id: word });

  it('as the id of a service, provided and missing', async () => {
    const got: string[] = [];
    const reader = plugin('p', { deps: { value: ref }, init: ({ value }) => void got.push(value) });
    expect(failuresOf(await resultOf([provide(ref, () => 'made'), reader]))).toEqual([]);
    expect(got).toEqual(['made']);
    expect(failuresOf(await resultOf([reader]))).toEqual([
      ['GR_SERVICE_MISSING', expect.stringContaining(`needs service '${word}'`)],
    ]);
  });

  it('as the id of an extension point, registered and missing', async () => {
    const items: string[] = [];
    const user = pluginModule('p', 'm', { deps: { items: point }, init: deps => void deps.items.push('m') });
    expect(failuresOf(await resultOf([plugin('p', { offers: [[point, items]] }), user]))).toEqual([]);
    expect(items).toEqual(['m']);
    const failures = failuresOf(await resultOf([plugin('p'), user]));
    expect(failures).toContainEqual([
      'GR_EXTENSION_POINT_MISSING',
      expect.stringContaining(`needs extension point '${word}'`),
    ]);
  });

  it('as the id of a plugin and of a module: they have the default policy and an entry', async () => {
    const registration = (type: string, extra: object = {}) => ({
      type: `${type}-v1.1`,
      pluginId: word,
      extensionPoints: [],
      init: { deps: {}, func: () => Promise.reject(new Error('no')) },
      ...extra,
    });
    const feature = {
      $$type: '@backstage/BackendFeature',
      version: 'v1',
      featureType: 'registrations',
      getRegistrations: () => [registration('plugin'), registration('module', { moduleId: word })],
    } as BackendFeature;
    const result = await resultOf([feature], { config });
    expect(result.outcome).toBe('failure');
    expect(entryOf(result, word, word).failure).toMatchObject({
      allowed: false,
      error: { code: 'GR_INIT_FAILED' },
    });
    const { plugins, edges } = await backendFixture({ features: [feature] }).inspect();
    expect(plugins).toMatchObject([{ pluginId: word, modules: [{ moduleId: word }] }]);
    expect(edges).toEqual([]);
  });
});

it('as names of dependencies', async () => {
  const ref = createServiceRef<string>({ id: 'test.value' });
  const deps = { constructor: ref, toString: ref, hasOwnProperty: ref };
  const got: unknown[] = [];
  const reader = plugin('p', {
    deps: deps as {},
    init: values => void got.push(...Object.values(values)),
  });
  expect(failuresOf(await resultOf([provide(ref, () => 'made'), reader]))).toEqual([]);
  expect(got).toEqual(['made', 'made', 'made']);
});
