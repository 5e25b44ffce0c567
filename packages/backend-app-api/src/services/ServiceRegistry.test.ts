// Tests of making instances: once per scope, shared while they are being made, and failures with the ids on the way.
import type { InternalServiceFactory } from '@greenroom/backend-plugin-api/internal';
import { SpanRecorder } from '../report/SpanRecorder';
import type { ServiceDependency, ServiceNode } from './ServiceNode';
import { ServiceRegistry } from './ServiceRegistry';
import { ServiceFailure } from './ServiceScope';

let slots = 0;
function node(id: string, factory: (deps: any, context: any) => unknown, given: Partial<ServiceNode> = {}) {
  const { scope = 'plugin', deps = [], ...others } = given;
  const made = { service: { id, scope }, factory } as unknown as InternalServiceFactory;
  return {
    id,
    slot: slots++,
    isMade: false,
    scope,
    origin: 'added',
    source: 'here',
    factory: made,
    eager: false,
    deps,
    ...others,
  } as ServiceNode;
}
const dep = (...providers: ServiceNode[]): ServiceDependency => ({
  name: providers[0]!.id,
  id: providers[0]!.id,
  multiton: providers.length > 1,
  providers,
});
function withContext(one: ServiceNode, create: (deps: any) => unknown, deps: ServiceDependency[] = []) {
  const rootContext = node(one.id, create, { scope: 'root', deps, isContext: true });
  return { ...one, rootContext } as ServiceNode;
}
function gate<T = string>() {
  let open!: (value: T) => void;
  const promise = new Promise<T>(resolve => (open = resolve));
  return { promise, open };
}
function newRegistry() {
  const spans = new SpanRecorder();
  const registry = new ServiceRegistry(spans);
  return { spans, registry, scope: registry.scope('p', spans) };
}
const failure = async (make: () => unknown) => {
  try {
    await make();
  } catch (thrown) {
    return thrown as ServiceFailure;
  }
  throw new Error('did not fail');
};

describe('an instance', () => {
  it.each([undefined, null, 0, 'x'])('is made once, and given as it is: %p', value => {
    const { registry, scope } = newRegistry();
    const factory = jest.fn(() => value);
    const one = node('a', factory);
    expect(registry.instance(one, scope, 0)).toBe(value);
    expect(registry.instance(one, scope, 0)).toBe(value);
    expect(factory).toHaveBeenCalledTimes(1);
  });

  it('of a root service is one for all, of a plugin service one a plugin', () => {
    const { registry, scope, spans } = newRegistry();
    const other = registry.scope('q', spans);
    const own = node('own', () => ({}));
    const root = node('root', () => ({}), { scope: 'root' });
    const of = (one: ServiceNode) => [scope, other].map(where => registry.instance(one, where, 0));
    expect(of(own)[0]).not.toBe(of(own)[1]);
    expect(of(root)[0]).toBe(of(root)[1]);
    expect([...registry.scopes].map(({ owner }) => owner)).toEqual(['p', 'q']);
  });

  it('that takes time is shared while it is made, and plain afterwards', async () => {
    const { registry, scope } = newRegistry();
    const { promise, open } = gate();
    const factory = jest.fn(() => promise);
    const one = node('a', factory);
    const [first, second] = [registry.instance(one, scope, 0), registry.instance(one, scope, 0)];
    expect(second).toBe(first);
    expect(registry.made('a', scope)).toBeUndefined();
    open('done');
    expect(await first).toBe('done');
    expect(registry.instance(one, scope, 0)).toBe('done');
    expect(registry.made('a', scope)).toBe('done');
    expect(factory).toHaveBeenCalledTimes(1);
  });

  it('of the engine is given by owner, and takes no span', () => {
    const { registry, scope, spans } = newRegistry();
    const provide = jest.fn((owner: string) => `of ${owner}`);
    const one = node('a', () => 'never', { provide });
    expect([1, 2].map(() => registry.instance(one, scope, 0))).toEqual(['of p', 'of p']);
    expect(provide).toHaveBeenCalledTimes(1);
    expect(spans.list()).toHaveLength(1);
  });

  it('of a root service is found in the root only, whatever a plugin has in the same slot', () => {
    const { registry, scope } = newRegistry();
    const root = node('a', () => 'of the root', { scope: 'root', slot: 1 });
    const own = node('b', () => 'of the plugin', { slot: 1 });
    for (const one of [root, own]) registry.instance(one, scope, 0);
    expect(registry.made('a', registry.root)).toBe('of the root');
    expect(registry.made('b', scope)).toBe('of the plugin');
    expect([registry.made('a', scope), registry.made('b', registry.root)]).toEqual([undefined, undefined]);
    expect(registry.rootNodes).toEqual([root]);
  });

  it('that was not asked for is not there', () => {
    const { registry, scope } = newRegistry();
    expect(registry.made('a', scope)).toBeUndefined();
  });

  it('is not made any more once its scope is closed', async () => {
    const { registry, scope } = newRegistry();
    const { promise, open } = gate();
    const factory = jest.fn();
    const slow = node('b', () => promise);
    const waiting = registry.instance(node('a', factory, { deps: [dep(slow)] }), scope, 0);
    scope.closed = true;
    const late = await failure(() => registry.instance(node('c', factory), scope, 0));
    expect(late.cause).toMatchObject({ code: 'GR_START_ABORTED' });
    open('');
    expect((await failure(() => waiting)).cause).toMatchObject({ code: 'GR_START_ABORTED' });
    expect(factory).not.toHaveBeenCalled();
  });
});

describe('a scope', () => {
  it('that is released keeps the lifecycle alone', () => {
    const { registry, scope, spans } = newRegistry();
    const own = [node('core.lifecycle', () => 'hooks'), node('a', () => 'a')];
    for (const one of own) registry.instance(one, scope, 0);
    registry.release(scope);
    expect(own.map(({ id }) => registry.made(id, scope))).toEqual(['hooks', undefined]);
    expect(scope.spans).not.toBe(spans);
    const other = registry.scope('q', spans);
    registry.release(other);
    expect(registry.made('core.lifecycle', other)).toBeUndefined();
  });

  it('of very many services takes no more than those that are asked for', () => {
    const { registry, spans } = newRegistry();
    const last = node('last', () => 'made', { slot: 999_999 });
    const before = process.memoryUsage().heapUsed;
    const scopes = Array.from({ length: 100 }, (_, at) => registry.scope(`p${at}`, spans, 1_000_000));
    expect(scopes.map(scope => registry.instance(last, scope, 0))).toEqual(scopes.map(() => 'made'));
    // One array of that size takes 8 MB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 1e6);
  });
});

describe('dependencies', () => {
  it('are a plain object if all are ready, and keep their order if some are not', async () => {
    const { registry, scope } = newRegistry();
    const plain = [dep(node('a', () => 1)), dep(node('b', () => 2))];
    expect(registry.resolveAll(plain, scope, 0)).toEqual({ a: 1, b: 2 });
    const mixed = [dep(node('slow', async () => 1)), plain[0]!, dep(node('late', async () => 3))];
    const made = await registry.resolveAll(mixed, scope, 0);
    expect(Object.entries(made)).toEqual([
      ['slow', 1],
      ['a', 1],
      ['late', 3],
    ]);
  });

  it('on a multiton are a list, and a promise of it only if one instance is not ready', async () => {
    const { registry, scope } = newRegistry();
    const [one, two] = [node('m', () => 1), node('m', () => 2)];
    expect(registry.resolveAll([dep(one, two)], scope, 0)).toEqual({ m: [1, 2] });
    const three = node('m', async () => 3);
    const late = registry.resolveAll([dep(one, three)], scope, 0);
    expect(late).toBeInstanceOf(Promise);
    expect(await late).toEqual({ m: [1, 3] });
  });

  it('reach the factory, beside what its root context gave, which is made once for all plugins', async () => {
    const { registry, scope, spans } = newRegistry();
    const root = node('root', async () => 'r', { scope: 'root' });
    const create = jest.fn(async ({ root: given }) => `context of ${given}`);
    const factory = jest.fn((deps, context) => ({ deps, context }));
    const one = withContext(node('a', factory, { deps: [dep(root)] }), create, [dep(root)]);
    const others = registry.scope('q', spans);
    const made = await Promise.all([registry.instance(one, scope, 0), registry.instance(one, others, 0)]);
    const expected = { deps: { root: 'r' }, context: 'context of r' };
    expect(made).toEqual([expected, expected]);
    const third = await registry.instance(one, registry.scope('s', spans), 0);
    expect(third).toEqual(expected);
    expect(create).toHaveBeenCalledTimes(1);
    expect(factory).toHaveBeenCalledTimes(3);
  });
});

describe('a failure', () => {
  const broken = new Error('no disk');

  it.each<[string, () => unknown]>([
    [
      'thrown',
      () => {
        throw broken;
      },
    ],
    ['rejected', () => Promise.reject(broken)],
  ])('(%s) is kept, with the ids on the way to it', async (_, factory) => {
    const { registry, scope, spans } = newRegistry();
    const counted = jest.fn(factory);
    const inner = node('inner', counted);
    const outer = node('outer', () => 1, { deps: [dep(inner)] });
    const found = await failure(() => registry.instance(outer, scope, 0));
    expect(found).toBeInstanceOf(ServiceFailure);
    expect([found.ids, found.cause, found.message]).toEqual([['outer', 'inner'], broken, 'no disk']);
    expect((await failure(() => registry.instance(inner, scope, 0))).ids).toEqual(['inner']);
    expect(counted).toHaveBeenCalledTimes(1);
    expect(registry.made('inner', scope)).toBeUndefined();
    expect(spans.openWithin(spans.whole)).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    [
      'thrown',
      () => {
        throw broken;
      },
    ],
    ['rejected', () => Promise.reject(broken)],
  ])('of a root context (%s) is that of every plugin that asks, made once', async (_, create) => {
    const { registry, scope, spans } = newRegistry();
    const counted = jest.fn(create);
    const one = withContext(
      node('a', () => 1),
      counted,
    );
    for (const where of [scope, registry.scope('q', spans)]) {
      const { ids, cause } = await failure(() => registry.instance(one, where, 0));
      expect([ids, cause]).toEqual([['a'], broken]);
    }
    expect(counted).toHaveBeenCalledTimes(1);
  });

  it('at once does not hide that something else takes time', async () => {
    const { registry, scope } = newRegistry();
    const { promise, open } = gate();
    const slow = node('slow', () => promise);
    const consumer = node('consumer', deps => deps.slow, { deps: [dep(slow)] });
    const late = node('late', async () => {
      await Promise.resolve();
      throw broken;
    });
    const atOnce = node('at once', () => {
      throw broken;
    });
    const making = registry.instance(consumer, scope, 0);
    await failure(() => registry.instance(atOnce, scope, 0));
    await failure(() => registry.instance(late, scope, 0));
    const second = registry.resolveAll([dep(slow)], scope, 0);
    expect(second).toBeInstanceOf(Promise);
    open('ready');
    expect(await making).toBe('ready');
    expect(await second).toEqual({ slow: 'ready' });
    expect(registry.resolveAll([dep(slow)], scope, 0)).toEqual({ slow: 'ready' });
  });

  it('in the root may be forgotten, what was made there may not', async () => {
    const { registry, scope, spans } = newRegistry();
    let attempts = 0;
    const flaky = node(
      'flaky',
      () => {
        if (++attempts === 1) throw broken;
        return attempts;
      },
      { scope: 'root' },
    );
    const sound = jest.fn(() => 1);
    const good = node('good', sound, { scope: 'root' });
    const create = jest.fn(() => {
      throw broken;
    });
    const inContext = withContext(
      node('c', () => 1),
      create,
    );
    registry.instance(good, scope, 0);
    await failure(() => registry.instance(flaky, scope, 0));
    await failure(() => registry.instance(inContext, scope, 0));
    registry.root.failures = undefined;
    expect(registry.instance(flaky, scope, 0)).toBe(2);
    registry.instance(good, scope, 0);
    await failure(() => registry.instance(inContext, registry.scope('q', spans), 0));
    expect([sound.mock.calls.length, create.mock.calls.length]).toEqual([1, 2]);
  });

  it('goes with the scope that is forgotten, and what closes it is waited for by whoever stops', async () => {
    const { registry, scope, spans } = newRegistry();
    const { promise, open } = gate<void>();
    const factory = jest.fn(() => ({}));
    const one = node('a', factory);
    registry.instance(one, scope, 0);
    const forgotten = registry.forget(scope, promise);
    expect([scope.leaving, [...registry.scopes]]).toEqual([promise, [scope]]);
    open();
    await forgotten;
    expect([...registry.scopes]).toEqual([]);
    registry.instance(one, registry.scope('p', spans), 0);
    expect(factory).toHaveBeenCalledTimes(2);
  });
});

describe('the spans', () => {
  it('are nested as services request each other, and end with them', async () => {
    const { registry, scope, spans } = newRegistry();
    const inner = node('inner', async () => 1);
    await registry.instance(
      node('outer', () => 1, { deps: [dep(inner)] }),
      scope,
      spans.whole,
    );
    const list = spans.list().slice(1);
    expect(list.map(({ name, owner, parent }) => [name, owner, parent])).toEqual([
      ['outer', 'p', 0],
      ['inner', 'p', 1],
    ]);
    expect(list.every(({ end }) => end !== undefined)).toBe(true);
  });

  it('of who comes second name what the first one has begun', async () => {
    const { registry, scope, spans } = newRegistry();
    const { promise, open } = gate();
    const shared = node('shared', () => promise, { scope: 'root' });
    const context = gate();
    const withRoot = withContext(
      node('made', () => 1),
      () => context.promise,
    );
    const [one, two] = ['p', 'q'].map(id => spans.begin('plugin', id, id, spans.whole)) as [number, number];
    const q = registry.scope('q', spans);
    void registry.resolveAll([dep(shared)], scope, one);
    void registry.resolveAll([dep(shared)], q, two);
    expect(spans.openWithin(two)).toEqual(["service 'shared'"]);
    open('');
    await promise;
    await Promise.resolve();
    void registry.resolveAll([dep(withRoot)], scope, one);
    void registry.resolveAll([dep(withRoot)], q, two);
    expect(spans.openWithin(two)).toEqual(["service 'made'", "service 'made'"]);
    context.open('');
  });

  it('of a root service are in the record of the root, even if a retry with its own record requests it', () => {
    const { registry, spans } = newRegistry();
    const later = new SpanRecorder();
    const attempt = registry.scope('q', later);
    const root = node('root', () => 1, { scope: 'root' });
    registry.resolveAll([dep(root), dep(node('own', () => 2))], attempt, later.whole);
    expect(spans.list().map(({ name, parent }) => [name, parent])).toEqual([
      ['start', undefined],
      ['root', 0],
    ]);
    expect(later.list().map(({ name }) => name)).toEqual(['start', 'own']);
  });
});
