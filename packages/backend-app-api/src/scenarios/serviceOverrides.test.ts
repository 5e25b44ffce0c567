// Which of several factories provides a service, and which services can't be replaced.
import {
  coreServices,
  createBackendFeatureLoader,
  createServiceFactory,
  createServiceRef,
  createSharedEnvironment,
  type BackendFeature,
  type ServiceFactory,
} from '@greenroom/backend-plugin-api';
import { backendFixture, failuresOf, plugin, provide, resultOf, startedOrFailed } from './backendFixture';

const nameRef = createServiceRef<string>({
  id: 'test.name',
  scope: 'root',
  defaultFactory: async ref => provide(ref, () => 'reference'),
});
const from = (name: string) => provide(nameRef, () => name);
const loaderOf = (...features: ServiceFactory[]) => createBackendFeatureLoader({ loader: () => features });

/** Which factory the consumers of `test.name` got. */
async function winner(options: Parameters<typeof backendFixture>[0]): Promise<string> {
  const got: string[] = [];
  const consumer = plugin('consumer', {
    deps: { name: nameRef },
    init: ({ name }) => void got.push(name),
  });
  await backendFixture({ ...options, features: [...(options?.features ?? []), consumer] }).start();
  expect(got).toHaveLength(1);
  return got[0]!;
}

describe('of several factories for one service, the strongest claim wins', () => {
  const claims = [
    { name: 'added', options: { features: [from('added')] } },
    { name: 'services', options: { services: [from('services')] } },
    { name: 'environment', options: { env: createSharedEnvironment({ services: [from('environment')] }) } },
    { name: 'loader', options: { features: [loaderOf(from('loader'))] } },
    { name: 'default', options: { defaultServiceFactories: [from('default')] } },
    { name: 'reference', options: {} },
  ];

  it.each(claims.map(({ name }, at) => [name, at] as const))('%s', async (name, at) => {
    // With everything that is weaker beside it, in the order in which it loses.
    const present = claims.slice(at);
    const features = present.flatMap((claim): BackendFeature[] => claim.options.features ?? []);
    const options = Object.assign({}, ...present.map(claim => claim.options), { features });
    await expect(winner(options)).resolves.toBe(name);
  });

  it('whatever the order in which they come', async () => {
    await expect(winner({ features: [loaderOf(from('loader')), from('added')] })).resolves.toBe('added');
    await expect(winner({ features: [from('added'), loaderOf(from('loader'))] })).resolves.toBe('added');
  });

  it('a later default replaces an earlier one', async () => {
    const defaultServiceFactories = [from('earlier'), from('later')];
    await expect(winner({ defaultServiceFactories })).resolves.toBe('later');
  });

  it('the factories that lose are never called', async () => {
    const loser = provide(nameRef, () => {
      throw new Error('must not run');
    });
    await expect(
      winner({
        features: [from('added'), loaderOf(loser)],
        services: [loser],
        defaultServiceFactories: [loser],
      }),
    ).resolves.toBe('added');
  });
});

describe('two factories of equal rank are a conflict that names both sources', () => {
  it('two that were added', async () => {
    const backend = backendFixture({ features: [plugin('bystander')] });
    backend.add(from('one'));
    backend.add(from('two'));
    const result = await startedOrFailed(backend);

    const [[code, message] = []] = failuresOf(result);
    expect(code).toBe('GR_SERVICE_CONFLICT');
    expect(message).toMatch(
      /^Service 'test\.name' has two factories of equal rank: from .*serviceOverrides\.test\.ts:\d+:\d+ and from .*serviceOverrides\.test\.ts:\d+:\d+\./,
    );
    const [first, second] = message!.match(/test\.ts:\d+:\d+/g)!;
    expect(first).not.toBe(second);
    expect(result.outcome).toBe('failure');
  });

  it('two from loaders, if nothing explicit decides', async () => {
    const result = await resultOf([loaderOf(from('one')), loaderOf(from('two'))]);
    const [[code, message] = []] = failuresOf(result);
    expect(code).toBe('GR_SERVICE_CONFLICT');
    expect(
      message!.match(/through the feature loader created at '[^']+serviceOverrides\.test\.ts/g),
    ).toHaveLength(2);
  });

  it('but not if an explicit factory decides between those of loaders', async () => {
    const loaders = [loaderOf(from('one')), loaderOf(from('two'))];
    await expect(winner({ features: [...loaders, from('added')] })).resolves.toBe('added');
    await expect(winner({ features: loaders, services: [from('services')] })).resolves.toBe('services');
  });

  it('two in the services option', async () => {
    const result = await resultOf([], { services: [from('one'), from('two')] });
    expect(failuresOf(result)).toEqual([
      [
        'GR_SERVICE_CONFLICT',
        expect.stringContaining('from the services option and from the services option'),
      ],
    ]);
  });

  it('all conflicts are reported at once', async () => {
    const otherRef = createServiceRef<string>({ id: 'test.other', scope: 'root' });
    const other = () => provide(otherRef, () => 'other');
    const result = await resultOf([from('one'), from('two'), from('three'), other(), other()]);
    expect(failuresOf(result).map(([, message]) => message.match(/^Service '[^']+'/)![0])).toEqual([
      "Service 'test.name'",
      "Service 'test.name'",
      "Service 'test.other'",
    ]);
  });
});

describe('a shared environment provides services to several backends', () => {
  it('each backend has its own instances, whether factories or functions were given', async () => {
    let made = 0;
    const counterRef = createServiceRef<number>({ id: 'test.counter', scope: 'root' });
    const env = createSharedEnvironment({
      services: [from('environment'), () => provide(counterRef, () => (made += 1))],
    });
    for (const expected of [1, 2]) {
      const got: unknown[] = [];
      const consumer = plugin('consumer', {
        deps: { name: nameRef, counter: counterRef },
        init: ({ name, counter }) => void got.push(name, counter),
      });
      await backendFixture({ env, features: [consumer] }).start();
      expect(got).toEqual(['environment', expected]);
    }
  });

  it('the services option also takes functions that return factories', async () => {
    await expect(winner({ services: [() => from('function')] })).resolves.toBe('function');
  });
});

describe('what the engine provides itself', () => {
  const metadata = provide(coreServices.pluginMetadata, () => ({ getId: () => 'forged' }));
  const instanceMetadata = createServiceFactory({
    service: coreServices.rootInstanceMetadata,
    deps: {},
    factory: () => ({ getId: () => '', getInstalledPlugins: async () => [] }),
  });

  it('tells each plugin and its services their id, and what is installed', async () => {
    const ownerRef = createServiceRef<string>({ id: 'test.owner' });
    const owner = createServiceFactory({
      service: ownerRef,
      deps: { metadata: coreServices.pluginMetadata },
      factory: deps => deps.metadata.getId(),
    });
    const seen: unknown[] = [];
    const asking = (id: string) =>
      plugin(id, {
        deps: {
          owner: ownerRef,
          metadata: coreServices.pluginMetadata,
          all: coreServices.rootInstanceMetadata,
        },
        init: async deps => {
          seen.push([deps.owner, deps.metadata.getId(), await deps.all.getInstalledPlugins()]);
        },
      });
    await backendFixture({ features: [owner, asking('a'), asking('b')] }).start();
    const installed = [
      { pluginId: 'a', modules: [] },
      { pluginId: 'b', modules: [] },
    ];
    expect(seen).toEqual([
      ['a', 'a', installed],
      ['b', 'b', installed],
    ]);
  });

  it.each([
    ['core.pluginMetadata', metadata],
    ['core.rootInstanceMetadata', instanceMetadata],
  ])("%s can't be replaced, wherever the factory comes from", async (id, factory) => {
    const services = [factory];
    for (const [options, place] of [
      [{ features: services }, String.raw`Fixture\.ts:\d+`],
      [{ features: [loaderOf(factory)] }, String.raw`Fixture\.ts:\d+`],
      [{ services }, 'the services option'],
      [{ env: createSharedEnvironment({ services }) }, 'the shared environment'],
    ] as const) {
      const result = await startedOrFailed(backendFixture(options));
      expect(failuresOf(result)).toEqual([
        [
          'GR_SERVICE_BUILT_IN',
          expect.stringMatching(`^Service '${id}' is provided by the engine.*${place}`),
        ],
      ]);
      expect(result.outcome).toBe('failure');
    }
  });

  it('takes precedence over a default of the backend', async () => {
    let got: string | undefined;
    const asking = plugin('p', {
      deps: { metadata: coreServices.pluginMetadata },
      init: deps => void (got = deps.metadata.getId()),
    });
    await backendFixture({ features: [asking], defaultServiceFactories: [metadata] }).start();
    expect(got).toBe('p');
  });
});
