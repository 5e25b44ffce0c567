// Values that are not valid features: each is refused with the place where it was added.
import { runInNewContext } from 'node:vm';
import {
  createBackendModule,
  createBackendPlugin,
  createServiceRef,
  type BackendFeature,
} from '@greenroom/backend-plugin-api';
import {
  backendFixture,
  deferred,
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

describe('a value that is not a feature is refused, with what it is and where it was added', () => {
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

  it('in the order in which it was added, whenever imports fail', async () => {
    const { promise, reject } = deferred<{ default: BackendFeature }>();
    const wrong = [promise, 'catalog' as unknown as BackendFeature, Promise.reject(new Error('second'))];
    const starting = resultOf(wrong);
    setImmediate(() => reject(new Error('first')));
    expect(failuresOf(await starting)).toEqual([
      ['GR_FEATURE_IMPORT_FAILED', expect.stringContaining('first')],
      ['GR_FEATURE_INVALID', expect.stringContaining('catalog')],
      ['GR_FEATURE_IMPORT_FAILED', expect.stringContaining('second')],
    ]);
  });

  it('an object that throws when it is looked at', async () => {
    const strict = (what: string) =>
      new Proxy({} as BackendFeature, {
        get: (_, key) => {
          throw new Error(`${what} has no ${String(key)}`);
        },
      });
    const { proxy: revoked, revoke } = Proxy.revocable({} as BackendFeature, {});
    revoke();
    const result = await resultOf([strict('one'), revoked, strict('two')]);
    expect(failuresOf(result)).toEqual(
      ['one has no', 'revoked', 'two has no'].map(reason => [
        'GR_FEATURE_IMPORT_FAILED',
        expect.stringMatching(`^The feature added at \\S+ could not be imported: .*${reason}`),
      ]),
    );
  });

  it.each([
    ['another version', { version: 'v2', getRegistrations: () => [] }, "version 'v2'"],
    [
      'an unknown type',
      { featureType: 'wizard' },
      "version 'v1' and feature type 'wizard', which is unknown",
    ],
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
    [
      'a service factory whose reference has no id',
      { featureType: 'service', service: {}, factory() {} },
      "'service' is an empty object",
    ],
    ['no version', { version: undefined }, 'it claims no version\\.'],
    ['a version that is not a string', { version: Object.create(null) }, 'version an empty object\\.'],
    ['no type', {}, "version 'v1' and no feature type\\."],
    ['a type that is not a string', { featureType: {} }, 'feature type an empty object, which is unknown'],
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
    [
      'of a module without its id',
      { type: 'module-v1.1', pluginId: 'p', extensionPoints: [], init },
      /moduleId/,
    ],
    [
      'with an id that is not a string',
      { type: 'plugin-v1.1', pluginId: {}, extensionPoints: [], init },
      /pluginId/,
    ],
    [
      'whose init is not a function',
      { type: 'plugin-v1.1', pluginId: 'p', extensionPoints: [], init: { deps: {}, func: 'x' } },
      /init is missing/,
    ],
    [
      'with nothing among its extension points',
      { type: 'plugin-v1.1', pluginId: 'p', extensionPoints: [undefined], init },
      /declares undefined, which is not an extension point/,
    ],
    [
      'with an extension point that has no factory',
      { type: 'plugin-v1.1', pluginId: 'p', extensionPoints: [{ extensionPoint: { id: 'x' } }], init },
      /declares an object with extensionPoint, which is not an extension point/,
    ],
    [
      'of an older type with an extension point that is not a pair',
      { type: 'plugin', pluginId: 'p', extensionPoints: [[]], init },
      /declares an array, which is not an extension point/,
    ],
  ])('a registration %s', async (_, registration, found) => {
    const result = await resultOf([
      feature({ featureType: 'registrations', getRegistrations: () => [registration] }),
    ]);
    expect(result.outcome).toBe('failure');
    expect(failuresOf(result)).toEqual([[expect.stringMatching(/^GR_/), expect.stringMatching(found)]]);
  });

  it.each<[string, () => unknown, string]>([
    ['nothing', () => undefined, 'returned undefined, not a list'],
    ['a set', () => new Set(), 'returned an empty object, not a list'],
    ['a promise', () => Promise.reject(new Error('late')), 'returned a promise, not a list'],
  ])('registrations that are %s instead of a list', async (_, getRegistrations, found) => {
    const result = await resultOf([feature({ featureType: 'registrations', getRegistrations })]);
    expect(failuresOf(result)).toEqual([['GR_REGISTER_FAILED', expect.stringContaining(found)]]);
  });

  it.each([
    ['a module', { default: undefined }],
    ['a promise of a module', Promise.resolve({ default: undefined })],
  ])("%s whose default export can't be read yet", async (_, module) => {
    const circular = () => {
      throw new ReferenceError("Cannot access 'plugin' before initialization");
    };
    Object.defineProperty(await module, 'default', { get: circular });
    const result = await resultOf([module as never, plugin('p')]);
    expect(failuresOf(result)).toEqual([
      ['GR_FEATURE_IMPORT_FAILED', expect.stringContaining('could not be imported: Cannot access')],
    ]);
  });

  it.each<[string, Parameters<typeof backendFixture>[0], string, string]>([
    [
      'nothing as a default',
      { defaultServiceFactories: [undefined as never] },
      'INVALID',
      'the default services',
    ],
    ['nothing as a service', { services: [undefined as never] }, 'INVALID', 'the services option'],
    ['a function that gives nothing', { services: [() => undefined as never] }, 'INVALID', 'is undefined'],
    ['a plugin', { services: [plugin('q') as never] }, 'UNSUPPORTED', 'it is not a service factory'],
    [
      'a function that throws',
      {
        services: [
          () => {
            throw new Error('no such file');
          },
        ],
      },
      'IMPORT_FAILED',
      'at the services option could not be imported: no such file',
    ],
  ])('%s among the service factories', async (_, options, code, found) => {
    const problems = await backendFixture({ ...options, features: [plugin('p')] }).check();
    expect(problems.map(({ error }) => [error.code, error.message])).toEqual([
      [`GR_FEATURE_${code}`, expect.stringContaining(found)],
    ]);
    const result = await resultOf([plugin('p')], options);
    expect(failuresOf(result)).toEqual([[`GR_FEATURE_${code}`, expect.stringContaining(found)]]);
  });

  it('an import of another realm that fails causes no unhandled rejection before the start either', async () => {
    const backend = backendFixture();
    backend.add(runInNewContext(`Promise.reject(new Error('elsewhere'))`));
    await new Promise(resolve => setImmediate(resolve));
    expect(failuresOf(await startedOrFailed(backend))).toEqual([
      ['GR_FEATURE_IMPORT_FAILED', expect.stringContaining('elsewhere')],
    ]);
  });

  it('an import that fails, with the reason and without an unhandled rejection before the start', async () => {
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
