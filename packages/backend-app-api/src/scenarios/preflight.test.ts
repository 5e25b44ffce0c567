// check(): reports every problem at once, as start() does, but runs nothing and leaves nothing open.
import { ConfigReader } from '@backstage/config';
import {
  coreServices,
  createBackendFeatureLoader,
  createBackendPlugin,
  createExtensionPoint,
  createServiceFactory,
  createServiceRef,
} from '@greenroom/backend-plugin-api';
import { backendFixture, entryOf, failuresOf, plugin, pluginModule, startedOrFailed } from './backendFixture';

const fail = (text: string) => () => {
  throw new Error(text);
};
const events = ['SIGTERM', 'SIGINT', 'beforeExit', 'unhandledRejection', 'uncaughtException'];

describe('a backend with a fault of every kind', () => {
  const ran: string[] = [];
  const noting = (what: string) => () => void ran.push(what);
  const [one, two] = ['one', 'two'].map(id => createServiceRef<unknown>({ id: `test.${id}` })) as [
    never,
    never,
  ];
  const missing = createServiceRef<unknown>({ id: 'test.missing' });
  const point = createExtensionPoint<unknown>({ id: 'test.point' });
  const circle = (service: never, other: never) =>
    createServiceFactory({ service, deps: { other }, factory: noting('a factory') });

  const faulty = () =>
    backendFixture({
      config: { backend: { startup: { default: { onPluginBootFailure: 'perhaps' } } } },
      features: [
        'no feature' as never,
        Promise.reject(new Error('no such package')),
        createBackendFeatureLoader({ loader: fail('no directory') }),
        circle(one, two),
        circle(two, one),
        createBackendPlugin({ pluginId: 'broken', register: fail('no register') }),
        plugin('asking', { deps: { missing }, init: noting('an init') }),
        plugin('sound', { init: noting('an init') }),
        pluginModule('sound', 'reaching', { deps: { point }, init: noting('an init') }),
        pluginModule('sound', 'twin'),
        pluginModule('sound', 'twin'),
        pluginModule('absent', 'homeless'),
      ],
    });
  const expected = [
    ['error', undefined, undefined, 'GR_STARTUP_CONFIG_INVALID'],
    ['error', undefined, undefined, 'GR_FEATURE_INVALID'],
    ['error', undefined, undefined, 'GR_FEATURE_IMPORT_FAILED'],
    ['error', undefined, undefined, 'GR_LOADER_FAILED'],
    ['error', undefined, undefined, 'GR_SERVICE_CYCLE'],
    ['error', 'broken', undefined, 'GR_REGISTER_FAILED'],
    ['error', 'asking', undefined, 'GR_SERVICE_MISSING'],
    ['error', 'sound', 'twin', 'GR_MODULE_DUPLICATE'],
    ['error', 'sound', 'reaching', 'GR_EXTENSION_POINT_MISSING'],
    ['warning', 'absent', 'homeless', 'GR_MODULE_WITHOUT_PLUGIN'],
  ];

  it('has one problem for each, with its plugin and module, each time it is checked; nothing runs', async () => {
    const listeners = () => events.map(event => process.listenerCount(event));
    const before = listeners();
    const backend = faulty();
    for (const problems of [await backend.check(), await backend.check()]) {
      const found = problems.map(({ severity, pluginId, moduleId, error }) => {
        return [severity, pluginId, moduleId, error.code];
      });
      expect(found).toHaveLength(expected.length);
      expect(found).toEqual(expect.arrayContaining(expected));
    }
    expect(ran).toEqual([]);
    expect(listeners()).toEqual(before);
  });

  it('fails to start with each of them, with the same messages, and nothing runs', async () => {
    const backend = faulty();
    const problems = await backend.check();
    const result = await startedOrFailed(backend);
    const told = failuresOf(result).map(([code, message]) => `${code}: ${message}`);
    expect(told.sort()).toEqual(problems.map(({ error }) => `${error.code}: ${error.message}`).sort());
    expect(result.outcome).toBe('failure');
    expect(entryOf(result, 'sound', 'reaching').status).toBe('failed');
    expect(ran).toEqual([]);
  });
});

it('a backend that did not start because of its configuration has that problem when it is checked again', async () => {
  const backend = backendFixture({ config: { backend: { startup: { default: { timeout: 'soon' } } } } });
  const [before] = await backend.check();
  expect((await startedOrFailed(backend)).outcome).toBe('failure');
  await expect(backend.check()).resolves.toEqual([before]);
  expect(before!.error.code).toBe('GR_STARTUP_CONFIG_INVALID');
});

it('a backend that was checked can be started, and its plugins are registered for each', async () => {
  let registered = 0;
  const counted = createBackendPlugin({
    pluginId: 'p',
    register(reg) {
      registered += 1;
      reg.registerInit({ deps: {}, init: async () => {} });
    },
  });
  const backend = backendFixture({ features: [counted] });
  await expect(backend.check()).resolves.toEqual([]);
  await expect(backend.start()).resolves.toMatchObject({ result: { outcome: 'success' } });
  expect(registered).toBe(2);
});

it.each(['check', 'inspect'] as const)('%s() stops what it had made for feature loaders', async method => {
  const steps: string[] = [];
  const { rootConfig, rootLifecycle } = coreServices;
  const config = createServiceFactory({
    service: rootConfig,
    deps: { lifecycle: rootLifecycle },
    factory: ({ lifecycle }) => {
      steps.push('config made');
      lifecycle.addShutdownHook(() => void steps.push('config closed'));
      return new ConfigReader({});
    },
  });
  const loader = createBackendFeatureLoader({ deps: { config: rootConfig }, loader: () => [] });
  await backendFixture({ features: [config, loader, plugin('p')] })[method]();
  expect(steps).toEqual(['config made', 'config closed']);
});

it('a fault of a service that every plugin gets, and that a plugin also depends on, is one problem of that plugin', async () => {
  const [always, above, missing] = ['always', 'above', 'missing'].map(id => createServiceRef<any>({ id }));
  const backend = backendFixture({
    features: [
      createServiceFactory({
        service: always!,
        deps: { missing: missing! },
        initialization: 'always',
        factory: () => 'made',
      }),
      createServiceFactory({ service: above!, deps: { always: always! }, factory: () => 'made' }),
      plugin('asking', { deps: { above: above! } }),
    ],
  });
  expect(await backend.check()).toEqual([
    {
      severity: 'error',
      pluginId: 'asking',
      error: expect.objectContaining({ path: ["plugin 'asking'", "service 'always'"] }),
    },
  ]);
});
