// Tests of the plan: dependencies that look alike, services that every plugin gets, and several extension points or modules with one id.
import {
  createExtensionPoint,
  createServiceFactory,
  createServiceRef,
  type BackendFeature,
} from '@greenroom/backend-plugin-api';
import { backendFixture, plugin, pluginModule, provide } from '../scenarios/backendFixture';

const eager = createServiceRef<object>({ id: 'test.eager' });
const missing = createServiceRef<object>({ id: 'test.missing' });
const broken = createServiceFactory({
  service: eager,
  initialization: 'always',
  deps: { missing },
  factory: () => ({}),
});

describe('a fault of a plugin service that is made for every plugin', () => {
  it('is reported once for each of them, whether it uses the service or not', async () => {
    const features = [broken, plugin('asks', { deps: { eager } }), plugin('does-not')];
    const problems = await backendFixture({ features }).check();
    expect(problems.map(({ pluginId, error }) => [pluginId, error.code])).toEqual([
      ['asks', 'GR_SERVICE_MISSING'],
      ['does-not', 'GR_SERVICE_MISSING'],
    ]);
    expect(problems[1]!.error).toMatchObject({ path: ["plugin 'does-not'", "service 'test.eager'"] });
  });
});

describe('of several extension points of one id', () => {
  it('the first one stays, and each further one is a problem of the plugin, whoever made it', async () => {
    const extensionPoints = ['a', 'a', 'b', 'a'].map(id => {
      return { extensionPoint: createExtensionPoint({ id }), factory: () => ({}) };
    });
    const init = { deps: {}, async func() {} };
    const foreign = {
      $$type: '@backstage/BackendFeature',
      version: 'v1',
      featureType: 'registrations',
      getRegistrations: () => [{ type: 'plugin-v1.1', pluginId: 'p', extensionPoints, init }],
    };
    const problems = await backendFixture({ features: [foreign as BackendFeature] }).check();
    expect(problems.map(({ pluginId, error }) => [pluginId, error.code])).toEqual([
      ['p', 'GR_EXTENSION_POINT_DUPLICATE'],
      ['p', 'GR_EXTENSION_POINT_DUPLICATE'],
    ]);
  });
});

describe('of several modules of one id', () => {
  it('the first one stays, and each further one is a problem of it', async () => {
    const features = [plugin('p'), ...['m', 'n', 'm', 'm'].map(id => pluginModule('p', id))];
    const backend = backendFixture({ features });
    const problems = await backend.check();
    expect(problems.map(({ moduleId, error }) => [moduleId, error.code])).toEqual([
      ['m', 'GR_MODULE_DUPLICATE'],
      ['m', 'GR_MODULE_DUPLICATE'],
    ]);
    const { plugins } = await backend.inspect();
    expect(plugins[0]!.modules.map(({ moduleId }) => moduleId)).toEqual(['m', 'n']);
  });
});

describe('what a plugin depends on', () => {
  const [a, b, c] = [missing, eager, createServiceRef<object>({ id: 'test.third' })];
  const alike: Array<Record<string, typeof missing>> = [
    { x: a, y: b },
    { x: a, y: b },
    { x: b, y: a },
    { y: a, x: b },
    { x: a },
    { x: a, y: b, z: c },
    { y: b },
    {},
    { x: a, y: c },
    { z: a, y: c, x: b },
  ];

  it.each([
    ['one way', alike],
    ['and back', [...alike].reverse()],
  ])('is its own, however much it looks like that of the plugin before: %s', async (_, all) => {
    const got: unknown[] = [];
    const features = [
      ...[a, b, c].map(ref => provide(ref, () => ({ id: ref.id }))),
      ...all.map((deps, at) => plugin(`p${at}`, { deps, init: given => void got.push(given) })),
    ];
    const backend = backendFixture({ features });
    const { plugins } = await backend.inspect();
    expect(plugins.map(({ services }) => services)).toEqual(
      all.map(deps =>
        Object.values(deps)
          .map(({ id }) => id)
          .sort(),
      ),
    );
    await backend.start();
    expect(got).toEqual(
      all.map(deps => Object.fromEntries(Object.entries(deps).map(([name, { id }]) => [name, { id }]))),
    );
  });
});
