// Tests of linking services: the dependencies of each, and every fault with the path to it.
import { createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';
import type { InternalServiceFactory } from '@greenroom/backend-plugin-api/internal';
import { SpanRecorder } from '../report/SpanRecorder';
import { DefaultFactories } from './DefaultFactories';
import { sourced } from './selectFactories';
import { faultsBehind } from './markFaulty';
import { ServiceGraph } from './serviceGraph';
import { Slots, type ServiceDependency } from './ServiceNode';

const root = (id: string) => createServiceRef<any>({ id, scope: 'root' });
const many = createServiceRef<any>({ id: 'many', scope: 'root', multiton: true });
const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(root) as [any, any, any, any];
const consumer = { subject: "plugin 'p'", source: 'here' };

function make(service: any, deps: object = {}, further: object = {}) {
  // Set behind it, because createServiceFactory refuses what is no reference, and others may not.
  return { ...createServiceFactory({ service, deps: {}, factory: () => '' }), deps, ...further };
}
function parts() {
  const spans = new SpanRecorder();
  const defaults = new DefaultFactories(spans);
  return { factories: [], engineNodes: [], asked: [], defaults, slots: new Slots(), span: spans.whole };
}
function graphOf(...factories: object[]): Promise<ServiceGraph> {
  return ServiceGraph.link({
    ...parts(),
    factories: sourced(factories as InternalServiceFactory[], 'added', 'there'),
  });
}
const nodeOf = (graph: ServiceGraph, id: string) => graph.providers(id)[0]!;
function faultsOf(graph: ServiceGraph, ...refs: unknown[]) {
  const deps = refs.map(ref => graph.dependency('it', ref, consumer) as ServiceDependency);
  return faultsBehind(deps, consumer);
}
const codes = (graph: ServiceGraph, ref: unknown) =>
  faultsOf(graph, ref).map(({ code, path }) => [code, path]);
const reported = ({ nodes }: ServiceGraph) => nodes.filter(node => node.isReported).map(({ id }) => id);

describe('a dependency', () => {
  it('has the name by which its consumer asks, and is shared by those who ask alike', async () => {
    const graph = await graphOf(make(a));
    const [one, same, other] = ['x', 'x', 'y'].map(name => graph.dependency(name, a, consumer));
    expect(one).toEqual({ name: 'x', id: 'a', multiton: false, providers: graph.providers('a') });
    expect(same).toBe(one);
    expect(other).toMatchObject({ name: 'y' });
    expect(graph.dependency('x', a, consumer)).toBe(one);
    expect(graph.dependency('y', a, consumer)).toBe(other);
  });

  it('is a list for those who ask for one, and a single for others, under the same name', async () => {
    const graph = await graphOf(make(many));
    const asList = { ...many, multiton: true };
    const asSingle = { ...many, multiton: false };
    expect(graph.dependency('x', asList, consumer)).toMatchObject({ multiton: true });
    expect(graph.dependency('x', asSingle, consumer)).toMatchObject({ multiton: false });
    expect(graph.dependency('x', asList, consumer)).toMatchObject({ multiton: true });
  });

  it('on a list may be empty, on a single one not', async () => {
    expect((await graphOf()).dependency('x', many, consumer)).toMatchObject({
      multiton: true,
      providers: [],
    });
    expect((await graphOf()).dependency('x', a, consumer)).toMatchObject({ code: 'GR_SERVICE_MISSING' });
  });

  it('that is not a reference is refused by name', async () => {
    expect((await graphOf()).dependency('x', undefined, consumer)).toMatchObject({
      code: 'GR_DEPENDENCY_INVALID',
      fields: { subject: "plugin 'p'", name: 'x', found: 'undefined' },
    });
  });
});

describe('a node', () => {
  it('is eager if it says so, and by default if it is a root service', async () => {
    const own = createServiceRef<string>({ id: 'own' });
    const eager = async (...args: [any, object?]) =>
      nodeOf(await graphOf(make(args[0], {}, args[1])), args[0].id).eager;
    expect([await eager(a), await eager(own)]).toEqual([true, false]);
    expect([
      await eager(a, { initialization: 'lazy' }),
      await eager(own, { initialization: 'always' }),
    ]).toEqual([false, true]);
  });

  it('hands its root context the dependencies of the root alone', async () => {
    const own = createServiceRef<string>({ id: 'own' });
    const other = createServiceRef<string>({ id: 'other' });
    const deps = { a, other };
    const graph = await graphOf(make(a), make(other), make(own, deps, { createRootContext: () => '' }));
    const names = (list: readonly ServiceDependency[]) => list.map(({ name }) => name);
    const node = nodeOf(graph, 'own');
    expect([names(node.deps), names(node.rootContext!.deps)]).toEqual([['a', 'other'], ['a']]);
    expect(nodeOf(await graphOf(make(a), make(own, { a })), 'own').rootContext).toBeUndefined();
  });

  it('is one, however many references bring its default factory', async () => {
    const refs = [1, 2].map(() =>
      createServiceRef<string>({
        id: 'brought',
        defaultFactory: async service => createServiceFactory({ service, deps: {}, factory: () => '' }),
      }),
    );
    const graph = await ServiceGraph.link({ ...parts(), asked: [7, ...refs] });
    expect(graph.nodes.map(({ id }) => id)).toEqual(['brought']);
  });

  it('may come without a list of dependencies', async () => {
    expect(nodeOf(await graphOf(make(a, {}, { deps: undefined })), 'a').deps).toEqual([]);
  });
});

describe('a fault', () => {
  it('is reported to consumers that reach it, with the shortest path, and makes every service on the way faulty', async () => {
    const graph = await graphOf(
      make(a, { b, c }),
      make(b, { c }),
      make(c, { missing: root('gone') }),
      make(d),
    );
    expect(codes(graph, d)).toEqual([]);
    expect(reported(graph)).toEqual([]);
    expect(codes(graph, a)).toEqual([['GR_SERVICE_MISSING', ["plugin 'p'", "service 'a'", "service 'c'"]]]);
    expect(reported(graph)).toEqual(['a', 'b', 'c']);
    expect(['a', 'b', 'c', 'd'].map(id => nodeOf(graph, id).wiring)).toEqual([
      'faulty',
      'faulty',
      'faulty',
      'sound',
    ]);
  });

  it.each<[string, object, string]>([
    ['a dependency that is no reference', { odd: 7 }, 'GR_DEPENDENCY_INVALID'],
    [
      'a plugin service below one of the root',
      { own: createServiceRef<any>({ id: 'own' }) },
      'GR_SERVICE_SCOPE',
    ],
  ])('is %s', async (_, deps, code) => {
    const graph = await graphOf(make(createServiceRef<any>({ id: 'own' })), make(a, deps));
    expect(codes(graph, a)).toEqual([[code, ["plugin 'p'", "service 'a'"]]]);
  });

  it('suggests what is provided, not what is missing too', async () => {
    const graph = await graphOf(make(a, { one: root('storage.one'), two: root('storage.two') }));
    expect(faultsOf(graph, a).map(({ hint }) => hint)).toEqual([
      "Add a factory for 'storage.one'.",
      "Add a factory for 'storage.two'.",
    ]);
  });

  it('comes with all others of the same service', async () => {
    const graph = await graphOf(make(a, { x: root('gone'), y: root('lost'), z: null }));
    expect(faultsOf(graph, a).map(({ code }) => code)).toEqual([
      'GR_DEPENDENCY_INVALID',
      'GR_SERVICE_MISSING',
      'GR_SERVICE_MISSING',
    ]);
  });
});

describe('a cycle', () => {
  const graph = () => graphOf(make(a, { b }), make(b, { a }), make(c, { d }), make(d, { c }));

  it('is reported completely, once per consumer that reaches it', async () => {
    const both = await graph();
    expect(codes(both, b)).toEqual([['GR_SERVICE_CYCLE', ["plugin 'p'", "service 'b'"]]]);
    expect(reported(both)).toEqual(['a', 'b']);
  });

  it('that no consumer reaches is reported separately', async () => {
    const both = await graph();
    const outside = () => both.unreportedCycles().map(({ message }) => message);
    expect(outside()).toHaveLength(2);
    faultsOf(both, b);
    expect(outside()).toEqual([expect.stringContaining("'c' (from there) -> 'd' (from there) -> 'c'")]);
    faultsOf(both, d);
    expect(outside()).toEqual([]);
  });
});
