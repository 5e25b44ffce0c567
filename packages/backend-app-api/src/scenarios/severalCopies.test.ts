// Several copies of the package of contracts in one process: references match by id, features by marker.
import * as own from '@greenroom/backend-plugin-api';
import { backendFixture, entryOf, failuresOf, resultOf } from './backendFixture';

type PluginApi = typeof own;
let copy: PluginApi;
jest.isolateModules(() => {
  copy = jest.requireActual<PluginApi>('@greenroom/backend-plugin-api');
});

const pluginOf = (
  api: PluginApi,
  pluginId: string,
  offers: Array<[own.ExtensionPoint<string[]>, string[]]>,
  init = () => {},
) =>
  api.createBackendPlugin({
    pluginId,
    register(reg) {
      for (const [ref, impl] of offers) reg.registerExtensionPoint(ref, impl);
      reg.registerInit({ deps: {}, init: async () => init() });
    },
  });

const moduleOf = <TDeps extends { [name in string]: own.ServiceRef<any> | own.ExtensionPoint<any> }>(
  api: PluginApi,
  deps: TDeps,
  init: (deps: { [name in keyof TDeps]: TDeps[name]['T'] }) => void,
) =>
  api.createBackendModule({
    pluginId: 'p',
    moduleId: 'm',
    register: reg =>
      reg.registerInit({ deps, init: async got => init(got as { [name in keyof TDeps]: TDeps[name]['T'] }) }),
  });

it('the second copy is another one', () => {
  expect(copy.createBackendPlugin).not.toBe(own.createBackendPlugin);
  expect(copy.coreServices.pluginMetadata).not.toBe(own.coreServices.pluginMetadata);
});

describe.each([
  ['a plugin of this copy, a module of the other', () => [own, copy] as const],
  ['a plugin of the other copy, a module of this', () => [copy, own] as const],
  ['both of the other copy', () => [copy, copy] as const],
])('features of several copies work together: %s', (_, apis) => {
  const [pluginApi, moduleApi] = apis();
  const pointOf = (api: PluginApi) => api.createExtensionPoint<string[]>({ id: 'test.items' });
  const nameRefOf = (api: PluginApi) => api.createServiceRef<string>({ id: 'test.name' });

  it('through extension points', async () => {
    const items: string[] = [];
    const owner = pluginOf(pluginApi, 'p', [[pointOf(pluginApi), items]], () => void items.push('plugin'));
    const module = moduleOf(moduleApi, { items: pointOf(moduleApi) }, deps => void deps.items.push('module'));
    await backendFixture({ features: [module, owner] }).start();
    expect(items).toEqual(['module', 'plugin']);
  });

  it('through services, which override each other', async () => {
    const got: unknown[] = [];
    const factory = (api: PluginApi, name: string) =>
      api.createServiceFactory({ service: nameRefOf(api), deps: {}, factory: () => name });
    const deps = { name: nameRefOf(moduleApi), metadata: moduleApi.coreServices.pluginMetadata };
    const module = moduleOf(moduleApi, deps, ({ name, metadata }) => void got.push(name, metadata.getId()));
    await backendFixture({
      defaultServiceFactories: [factory(moduleApi, 'default')],
      features: [pluginOf(pluginApi, 'p', []), module, factory(pluginApi, 'added')],
    }).start();
    expect(got).toEqual(['added', 'p']);
  });

  it('through feature loaders and their services', async () => {
    const flagRefOf = (api: PluginApi) => api.createServiceRef<string>({ id: 'test.flag', scope: 'root' });
    const flag = pluginApi.createServiceFactory({
      service: flagRefOf(pluginApi),
      deps: {},
      factory: () => 'flag',
    });
    const loader = moduleApi.createBackendFeatureLoader({
      deps: { flag: flagRefOf(moduleApi) },
      loader: ({ flag: id }) => [pluginOf(pluginApi, id, [])],
    });
    const result = await resultOf([loader, flag]);
    expect(entryOf(result, 'flag').status).toBe('started');
  });

  it('in what is refused: scopes, cycles and ids that were added twice', async () => {
    const rootRef = pluginApi.createServiceRef<string>({ id: 'test.root', scope: 'root' });
    const wrong = moduleApi.createServiceFactory({
      service: rootRef,
      deps: { name: nameRefOf(moduleApi) as unknown as typeof rootRef },
      factory: () => '',
    });
    const name = pluginApi.createServiceFactory({
      service: nameRefOf(pluginApi),
      deps: {},
      factory: () => '',
    });
    const result = await resultOf([wrong, name, pluginOf(pluginApi, 'p', []), pluginOf(moduleApi, 'p', [])]);
    expect(failuresOf(result).map(([code]) => code)).toEqual(['GR_SERVICE_SCOPE', 'GR_PLUGIN_DUPLICATE']);
  });

  it('in a shared environment', async () => {
    let got: string | undefined;
    const factory = pluginApi.createServiceFactory({
      service: nameRefOf(pluginApi),
      deps: {},
      factory: () => 'environment',
    });
    const env = moduleApi.createSharedEnvironment({ services: [factory] });
    const module = moduleOf(moduleApi, { name: nameRefOf(moduleApi) }, deps => void (got = deps.name));
    await backendFixture({ env, features: [pluginOf(pluginApi, 'p', []), module] }).start();
    expect(got).toBe('environment');
  });
});
