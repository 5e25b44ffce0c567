// Service instances: how many there are, when they are made, and what goes wrong with them.
import {
  coreServices,
  createServiceFactory,
  createServiceRef,
  type ServiceRef,
} from '@greenroom/backend-plugin-api';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  backendFixture,
  entryOf,
  failuresOf,
  plugin,
  pluginModule,
  provide,
  resultOf,
  startedOrFailed,
} from './backendFixture';

const rootRef = createServiceRef<{ nr: number }>({ id: 'test.root', scope: 'root' });
const pluginRef = createServiceRef<{ nr: number }>({ id: 'test.plugin' });

/** A factory that numbers its instances. */
function numbered(
  service: ServiceRef<{ nr: number }, 'root' | 'plugin'>,
  initialization?: 'always' | 'lazy',
) {
  const made: Array<{ nr: number }> = [];
  const factory = createServiceFactory({
    service: service as ServiceRef<{ nr: number }, 'plugin', 'singleton'>,
    initialization,
    deps: {},
    factory: () => {
      made.push({ nr: made.length + 1 });
      return made.at(-1)!;
    },
  });
  return { factory, made };
}

/** In bytes, without what is garbage already. */
function keptMemory(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

describe('a root service has one instance a backend, a plugin service one a plugin', () => {
  it.each([
    ['root', rootRef, [1, 1, 1]],
    ['plugin', pluginRef, [1, 1, 2]],
  ] as const)('%s', async (_, ref, expected) => {
    const got: number[] = [];
    const deps = { value: ref as ServiceRef<{ nr: number }> };
    const init = ({ value }: { value: { nr: number } }) => void got.push(value.nr);
    const { factory } = numbered(ref);
    // A module shares the instances of its plugin.
    const features = [factory, pluginModule('a', 'm', { deps, init }), plugin('a', { deps, init })];
    await backendFixture({ features: [...features, plugin('b', { deps, init })] }).start();
    expect(got.sort()).toEqual(expected);
  });

  it.each(['root', 'plugin'] as const)(
    '%s, at the end of a chain longer than the stack is deep',
    async scope => {
      const made: number[] = [];
      const refs = Array.from({ length: 5_000 }, (_link, at) =>
        createServiceRef<number>({ id: `test.link${at}`, scope: scope as 'plugin' }),
      );
      const links = refs.map((service, at) =>
        createServiceFactory({
          service,
          // The last one is what the others lead to.
          deps: at + 1 < refs.length ? { next: refs[at + 1]! } : {},
          factory: () => made.push(at),
        }),
      );
      const first = plugin('p', { deps: { first: refs[0]! } });
      expect(failuresOf(await resultOf([first], { defaultServiceFactories: links }))).toEqual([]);
      expect(made).toEqual(Array.from(refs.keys()).reverse());
    },
  );

  it('reports the path through a long chain whose end fails, without storing a path for each link', async () => {
    const refs = Array.from({ length: 10_000 }, (_link, at) =>
      createServiceRef<number>({ id: `test.link${at}` }),
    );
    const links = refs.map((service, at) =>
      createServiceFactory({
        service,
        deps: at + 1 < refs.length ? { next: refs[at + 1]! } : {},
        factory() {
          throw new Error('the end fails');
        },
      }),
    );
    const first = plugin('p', { deps: { first: refs[0]! } });
    const backend = backendFixture({ features: [first], defaultServiceFactories: links });
    const before = keptMemory();
    const { plugins } = await startedOrFailed(backend);
    expect(plugins[0]!.failure!.error).toMatchObject({ code: 'GR_SERVICE_FAILED', path: { length: 10_001 } });
    expect(keptMemory() - before).toBeLessThan(100_000_000);
    await backend.stop();
  });

  it('those who ask while it is still being made share it', async () => {
    let calls = 0;
    const factory = provide(rootRef, async () => ({ nr: (calls += 1) }));
    const got: number[] = [];
    const asking = (id: string) =>
      plugin(id, { deps: { value: rootRef }, init: ({ value }) => void got.push(value.nr) });
    await backendFixture({ features: [factory, asking('a'), asking('b'), asking('c')] }).start();
    expect(got).toEqual([1, 1, 1]);
  });

  it('a module gets one that takes time once it is there', async () => {
    const got: number[] = [];
    const asking = pluginModule('p', 'm', {
      deps: { value: pluginRef },
      init: ({ value }) => void got.push(value.nr),
    });
    const factory = provide(pluginRef, async () => ({ nr: 7 }));
    await backendFixture({ features: [factory, plugin('p'), asking] }).start();
    expect(got).toEqual([7]);
  });

  it('undefined is an instance like any other', async () => {
    const emptyRef = createServiceRef<undefined>({ id: 'test.empty', scope: 'root' });
    let calls = 0;
    const factory = provide(emptyRef, () => void (calls += 1) as undefined);
    const asking = (id: string) => plugin(id, { deps: { value: emptyRef } });
    await backendFixture({ features: [factory, asking('a'), asking('b')] }).start();
    expect(calls).toBe(1);
  });
});

describe('when instances are made', () => {
  it('a root service at start, even if nothing depends on it, unless it is lazy', async () => {
    const eager = numbered(rootRef);
    const lazy = numbered(createServiceRef<{ nr: number }>({ id: 'test.lazy', scope: 'root' }), 'lazy');
    await backendFixture({ features: [eager.factory, lazy.factory] }).start();
    expect(eager.made).toHaveLength(1);
    expect(lazy.made).toHaveLength(0);
  });

  it('a lazy root service once somebody needs it', async () => {
    const lazy = numbered(rootRef, 'lazy');
    const asking = (id: string) => plugin(id, { deps: { value: rootRef } });
    await backendFixture({ features: [lazy.factory, asking('a'), asking('b')] }).start();
    expect(lazy.made).toHaveLength(1);
  });

  it('a plugin service only for the plugins that need it', async () => {
    const { factory, made } = numbered(pluginRef);
    await backendFixture({
      features: [factory, plugin('a', { deps: { value: pluginRef } }), plugin('b')],
    }).start();
    expect(made).toHaveLength(1);
  });

  it("a plugin service with 'always' for every plugin, before its modules", async () => {
    const order: string[] = [];
    const always = createServiceFactory({
      service: pluginRef,
      initialization: 'always',
      deps: { metadata: coreServices.pluginMetadata },
      factory: ({ metadata }) => {
        order.push(`service of ${metadata.getId()}`);
        return { nr: 0 };
      },
    });
    const module = pluginModule('a', 'm', { init: () => void order.push('module of a') });
    await backendFixture({ features: [module, plugin('a'), plugin('b'), always] }).start();
    expect(order.filter(step => !step.endsWith('b'))).toEqual(['service of a', 'module of a']);
    expect(order).toContain('service of b');
  });

  it('a root service is made before any plugin runs', async () => {
    const order: string[] = [];
    const root = provide(rootRef, async () => {
      await Promise.resolve();
      order.push('root');
      return { nr: 0 };
    });
    await backendFixture({ features: [plugin('p', { init: () => void order.push('init') }), root] }).start();
    expect(order).toEqual(['root', 'init']);
  });
});

describe('what goes wrong with a service', () => {
  it('a root factory that depends on a plugin service is refused, with the path to it', async () => {
    const wrong = createServiceFactory({
      service: rootRef,
      deps: { value: pluginRef as unknown as typeof rootRef },
      factory: () => ({ nr: 0 }),
    });
    const result = await resultOf([wrong, numbered(pluginRef).factory, plugin('p')]);
    expect(failuresOf(result)).toEqual([
      [
        'GR_SERVICE_SCOPE',
        expect.stringMatching(/^Service 'test\.root' .*depends on 'test\.plugin', which exists once/),
      ],
    ]);
    expect(entryOf(result, 'p').status).toBe('skipped');
  });

  it('a root service that fails keeps every plugin from starting, and is one problem', async () => {
    const failing = provide(rootRef, async () => {
      throw new Error('no port left');
    });
    const innerRef = createServiceRef<string>({ id: 'test.inner', scope: 'root' });
    const dependent = createServiceFactory({ service: innerRef, deps: { rootRef }, factory: () => '' });
    let ran = false;
    const consumer = plugin('p', { deps: { rootRef }, init: () => void (ran = true) });
    const result = await resultOf([dependent, failing, consumer]);
    expect(failuresOf(result)).toEqual([['GR_SERVICE_FAILED', expect.stringContaining('no port left')]]);
    expect(entryOf(result, 'p')).toMatchObject({ status: 'skipped', modules: [] });
    expect(ran).toBe(false);
  });

  it('a lazy service that fails fails for each of its consumers, and is tried once', async () => {
    let calls = 0;
    const cause = new Error('unreachable');
    const failing = createServiceFactory({
      service: rootRef,
      initialization: 'lazy',
      deps: {},
      factory: () => {
        calls += 1;
        throw cause;
      },
    });
    const viaRef = createServiceRef<string>({ id: 'test.via' });
    const via = createServiceFactory({ service: viaRef, deps: { rootRef }, factory: () => '' });
    const result = await resultOf([
      failing,
      via,
      plugin('a', { deps: { rootRef } }),
      plugin('b', { deps: { viaRef } }),
      plugin('c'),
    ]);
    expect(calls).toBe(1);
    const errorOf = (id: string) =>
      entryOf(result, id).failure?.error as { path?: string[]; cause?: unknown };
    expect(errorOf('a').path).toEqual(["plugin 'a'", "service 'test.root'"]);
    expect(errorOf('b').path).toEqual(["plugin 'b'", "service 'test.via'", "service 'test.root'"]);
    expect(errorOf('a').cause).toBe(cause);
    expect(entryOf(result, 'c').status).toBe('started');
  });
});
