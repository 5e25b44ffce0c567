// Scenarios of contract section 1: how values that are no sound features are refused, with where they were added.
import {
  createBackendModule,
  createBackendPlugin,
  createServiceRef,
  type BackendFeature,
} from '@greenroom/backend-plugin-api';
import {
  backendFixture,
  entryOf,
  failuresOf,
  plugin,
  pluginModule,
  resultOf,
  startedOrFailed,
} from './backendFixture';

const nameRef = createServiceRef<string>({ id: 'test.name' });
const marker = { $$type: '@backstage/BackendFeature', version: 'v1' };
const feature = (fields: object) => ({ ...marker, ...fields }) as unknown as BackendFeature;

describe('what is no feature is refused, with where it was added and what it is', () => {
  it.each([
    ['undefined', undefined, 'it is undefined'],
    ['null', null, 'it is null'],
    ['a string', 'catalog', "it is the string 'catalog'"],
    ['an object', { name: 'x' }, 'it is an object with name'],
    ['a function that was not called', function createPlugin() {}, "it is the function 'createPlugin'"],
    ['a module without a default export', Promise.resolve({ catalog: 1 }), 'it is an object with catalog'],
  ])('%s', async (_, value, found) => {
    const result = await resultOf([value as unknown as BackendFeature, plugin('p')]);
    expect(failuresOf(result)).toEqual([
      [
        'GR_FEATURE_INVALID',
        expect.stringMatching(
          new RegExp(`^What was added at \\S+:\\d+:\\d+ is not a backend feature: ${found}`),
        ),
      ],
    ]);
    expect(entryOf(result, 'p').status).toBe('skipped');
  });

  it.each([
    ['another version', { version: 'v2', getRegistrations: () => [] }, "version 'v2'"],
    ['an unknown type', { featureType: 'wizard' }, "version 'v1' and the feature type 'wizard'"],
    [
      'registrations without getRegistrations',
      { featureType: 'registrations' },
      "'getRegistrations' is undefined",
    ],
    [
      'a service factory without a factory',
      { featureType: 'service', service: nameRef },
      "'factory' is undefined",
    ],
    [
      'a service factory without a reference',
      { featureType: 'service', factory() {} },
      "'service' is undefined",
    ],
    ['a loader without a loader', { featureType: 'loader', loader: 'x' }, "'loader' is the string 'x'"],
  ])('the marker with %s', async (_, fields, found) => {
    const result = await resultOf([feature(fields)]);
    expect(failuresOf(result)).toEqual([
      [
        'GR_FEATURE_UNSUPPORTED',
        expect.stringMatching(new RegExp(`^The feature added at \\S+:\\d+:\\d+ has the marker.*${found}`)),
      ],
    ]);
  });

  const init = { deps: {}, func: async () => {} };
  it.each([
    ['of an unknown type', { type: 'plugin-v9', pluginId: 'p', extensionPoints: [], init }, /plugin-v9/],
    ['without a type', { pluginId: 'p', extensionPoints: [], init }, /type/],
    ['without an init', { type: 'plugin-v1.1', pluginId: 'p', extensionPoints: [] }, /init/],
    [
      'without extension points',
      { type: 'plugin-v1.1', pluginId: 'p', init },
      /extensionPoints|extension points/,
    ],
    ['that is nothing', undefined, /undefined/],
  ])('a registration %s', async (_, registration, found) => {
    const result = await resultOf([
      feature({ featureType: 'registrations', getRegistrations: () => [registration] }),
    ]);
    expect(result.outcome).toBe('failure');
    expect(failuresOf(result)).toEqual([[expect.stringMatching(/^GR_/), expect.stringMatching(found)]]);
  });

  it('an import that fails, with the reason; it is no unhandled rejection before the start', async () => {
    const backend = backendFixture();
    backend.add(Promise.reject(new Error("Cannot find package 'x'")));
    await new Promise(resolve => setImmediate(resolve));
    backend.add(Promise.reject(new Error('Unexpected token')));
    expect(failuresOf(await startedOrFailed(backend))).toEqual([
      [
        'GR_FEATURE_IMPORT_FAILED',
        expect.stringMatching(/Features\.test\.ts:\d+:\d+ could not be imported: Cannot find/),
      ],
      ['GR_FEATURE_IMPORT_FAILED', expect.stringContaining('Unexpected token')],
    ]);
  });
});

describe('what register does wrong is a failure of its plugin or module', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('oops');
      },
      'oops',
    ],
    ['does not call registerInit', () => {}, 'does not call registerInit'],
  ])('one that %s', async (_, register, reason) => {
    const features = [
      createBackendPlugin({ pluginId: 'p', register }),
      createBackendModule({ pluginId: 'q', moduleId: 'm', register }),
    ];
    const result = await resultOf([...features, plugin('q')]);
    for (const entry of [entryOf(result, 'p'), entryOf(result, 'q', 'm')]) {
      expect(entry.failure!.error).toMatchObject({
        code: 'GR_REGISTER_FAILED',
        message: expect.stringContaining(reason),
      });
    }
  });

  it.each([
    ['plugin', () => plugin('p'), 'GR_PLUGIN_DUPLICATE', /^Plugin 'p' was added twice: at \S+ and at \S+/],
    [
      'module',
      () => pluginModule('p', 'm'),
      'GR_MODULE_DUPLICATE',
      /^Module 'm' of plugin 'p' was added twice: at \S+ and at \S+/,
    ],
  ] as const)(
    'a %s that is added twice, with both places, and it has one entry',
    async (kind, make, code, message) => {
      const result = await resultOf([make(), make(), ...(kind === 'module' ? [plugin('p')] : [])]);
      expect(failuresOf(result)).toEqual([[code, expect.stringMatching(message)]]);
      expect(result.plugins).toHaveLength(1);
      expect(result.plugins[0]!.modules).toHaveLength(kind === 'module' ? 1 : 0);
    },
  );
});
