// Default factories of references: loaded only if something needs the service, once per id.
import {
  createBackendFeatureLoader,
  createServiceFactory,
  createServiceRef,
  type ServiceFactory,
  type ServiceRef,
} from '@greenroom/backend-plugin-api';
import { createServiceResolver } from '..';
import {
  backendFixture,
  entryOf,
  failuresOf,
  plugin,
  pluginModule,
  provide,
  resultOf,
} from './backendFixture';

/** A reference that counts how often its default factory is loaded. */
function counted(id: string, scope: 'root' | 'plugin' = 'plugin') {
  const loads: string[] = [];
  const ref = createServiceRef<string>({
    id,
    scope: scope as 'root',
    defaultFactory: async service => {
      loads.push(service.id);
      // As an import does, it takes its time.
      await new Promise(resolve => setImmediate(resolve));
      return provide(service as ServiceRef<string>, () => `default ${id}`);
    },
  }) as ServiceRef<string, 'root'>;
  return { ref, loads };
}

describe('a default factory is loaded only if it is needed', () => {
  it('not if the backend has another factory', async () => {
    const { ref, loads } = counted('test.given');
    let got: string | undefined;
    const consumer = plugin('p', { deps: { value: ref }, init: ({ value }) => void (got = value) });
    await backendFixture({ features: [provide(ref, () => 'given'), consumer] }).start();
    expect(got).toBe('given');
    expect(loads).toEqual([]);
  });

  it('once an id, however many ask for it and through however many references', async () => {
    const first = counted('test.shared');
    const second = counted('test.shared');
    const got: string[] = [];
    const asking = (id: string, ref: ServiceRef<string>) =>
      plugin(id, { deps: { value: ref }, init: ({ value }) => void got.push(value) });
    const moduleOfA = pluginModule('a', 'm', { deps: { value: first.ref } });
    await backendFixture({
      features: [asking('a', first.ref), asking('b', first.ref), asking('c', second.ref), moduleOfA],
    }).start();
    expect(got).toEqual(Array(3).fill('default test.shared'));
    expect([...first.loads, ...second.loads]).toEqual(['test.shared']);
  });

  it('even if an earlier reference to the service has none', async () => {
    const ref = createServiceRef<string>({
      id: 'test.twice',
      defaultFactory: async service => provide(service, () => 'default'),
    });
    const bare = createServiceRef<string>({ id: 'test.twice' });
    const got: string[] = [];
    const refs = ['test.first', 'test.second'].map(id => createServiceRef<string>({ id }));
    const [first, second] = refs as [(typeof refs)[0], (typeof refs)[0]];
    const features = [
      createServiceFactory({ service: first, deps: { bare }, factory: deps => deps.bare }),
      createServiceFactory({ service: second, deps: { ref }, factory: deps => deps.ref }),
    ];
    const consumer = plugin('p', {
      deps: { first, second },
      init: deps => void got.push(deps.first, deps.second),
    });
    await backendFixture({ features: [...features, consumer] }).start();
    expect(got).toEqual(['default', 'default']);
  });

  it('and for what a default factory itself depends on', async () => {
    const inner = counted('test.inner');
    const outerRef = createServiceRef<string>({
      id: 'test.outer',
      defaultFactory: async service =>
        createServiceFactory({
          service,
          deps: { inner: inner.ref },
          factory: deps => `outer of ${deps.inner}`,
        }),
    });
    let got: string | undefined;
    const consumer = plugin('p', { deps: { value: outerRef }, init: ({ value }) => void (got = value) });
    await backendFixture({ features: [consumer] }).start();
    expect(got).toBe('outer of default test.inner');
    expect(inner.loads).toEqual(['test.inner']);
  });

  it('once for a feature loader and a plugin together, which see one instance', async () => {
    let loads = 0;
    const ref = createServiceRef<object>({
      id: 'test.loaderService',
      scope: 'root',
      defaultFactory: async service => {
        loads += 1;
        return provide(service, () => ({}));
      },
    });
    const got: object[] = [];
    const consumer = plugin('p', { deps: { value: ref }, init: ({ value }) => void got.push(value) });
    const loader = createBackendFeatureLoader({
      deps: { value: ref },
      loader: ({ value }) => {
        got.push(value);
        return [consumer];
      },
    });
    const result = await resultOf([loader]);
    expect(failuresOf(result)).toEqual([]);
    expect(loads).toBe(1);
    expect(got[0]).toBe(got[1]);
  });

  it('once for two feature loaders that run at the same time, which see one instance', async () => {
    const { ref, loads } = counted('test.shared', 'root');
    const objectRef = createServiceRef<object>({
      id: 'test.object',
      scope: 'root',
      defaultFactory: async service =>
        createServiceFactory({ service, deps: { shared: ref }, factory: () => ({}) }),
    });
    const got: object[] = [];
    const loaders = [1, 2].map(() =>
      createBackendFeatureLoader({
        deps: { value: objectRef, shared: ref },
        loader: ({ value }) => (got.push(value), []),
      }),
    );
    const result = await resultOf(loaders);
    expect(failuresOf(result)).toEqual([]);
    expect(loads).toEqual(['test.shared']);
    expect(got[0]).toBe(got[1]);
  });

  it('once for all that a resolver is asked for at the same time', async () => {
    const { ref, loads } = counted('test.shared');
    const resolver = createServiceResolver({ defaultServiceFactories: [] });
    await expect(Promise.all(['a', 'b'].map(id => resolver.get(ref, id)))).resolves.toEqual(
      Array(2).fill('default test.shared'),
    );
    expect(loads).toEqual(['test.shared']);
    await resolver.stop();
  });

  it('a function that returns a factory is as good as the factory', async () => {
    const ref = createServiceRef<string>({
      id: 'test.older',
      defaultFactory: async service => (() => provide(service, () => 'older')) as unknown as ServiceFactory,
    });
    let got: string | undefined;
    const consumer = plugin('p', { deps: { value: ref }, init: ({ value }) => void (got = value) });
    await backendFixture({ features: [consumer] }).start();
    expect(got).toBe('older');
  });
});

describe("a default factory that can't be loaded is a failure of the plugin or module that needs it", () => {
  const failing = (load: () => Promise<ServiceFactory>) =>
    createServiceRef<string>({ id: 'test.failing', defaultFactory: load });

  it('if it rejects', async () => {
    const cause = new Error("Cannot find module 'left-pad'");
    const ref = failing(() => Promise.reject(cause));
    const result = await resultOf([plugin('p', { deps: { value: ref } }), plugin('q')]);
    expect(failuresOf(result)).toEqual([
      [
        'GR_DEFAULT_FACTORY_FAILED',
        expect.stringMatching(
          /^The default factory of service 'test\.failing' could not be loaded: Cannot find module/,
        ),
      ],
    ]);
    expect(entryOf(result, 'p').failure!.error.cause).toBe(cause);
    expect(entryOf(result, 'q').failure).toBeUndefined();
  });

  it('if it throws', async () => {
    const ref = failing(() => {
      throw new Error('at once');
    });
    const result = await resultOf([plugin('p', { deps: { value: ref } })]);
    expect(failuresOf(result)).toEqual([['GR_DEFAULT_FACTORY_FAILED', expect.stringContaining('at once')]]);
  });

  it('if it returns a factory of another service', async () => {
    const otherRef = createServiceRef<string>({ id: 'test.other' });
    const ref = failing(async () => provide(otherRef, () => ''));
    const result = await resultOf([plugin('p', { deps: { value: ref } })]);
    expect(failuresOf(result)).toEqual([
      ['GR_DEFAULT_FACTORY_FAILED', expect.stringContaining("it gave a factory of service 'test.other'")],
    ]);
  });

  it('if it returns something without a factory function', async () => {
    const ref: ServiceRef<string> = failing(async () => ({ service: ref }) as unknown as ServiceFactory);
    const result = await resultOf([plugin('p', { deps: { value: ref } })]);
    expect(failuresOf(result)).toEqual([
      ['GR_DEFAULT_FACTORY_FAILED', expect.stringContaining('it gave an object with service')],
    ]);
  });

  it('if it returns undefined', async () => {
    const ref = failing(async () => undefined as unknown as ServiceFactory);
    const result = await resultOf([plugin('p', { deps: { value: ref } })]);
    expect(failuresOf(result)).toEqual([
      ['GR_DEFAULT_FACTORY_FAILED', expect.stringContaining('it gave undefined')],
    ]);
  });

  it('with the path by which it was reached', async () => {
    const ref = failing(() => Promise.reject(new Error('gone')));
    const middleRef = createServiceRef<string>({ id: 'test.middle' });
    const middle = createServiceFactory({ service: middleRef, deps: { ref }, factory: () => '' });
    const result = await resultOf([middle, pluginModule('p', 'm', { deps: { middleRef } }), plugin('p')]);
    expect((entryOf(result, 'p', 'm').failure!.error as { path?: string[] }).path).toEqual([
      "module 'm' of plugin 'p'",
      "service 'test.middle'",
    ]);
  });
});
