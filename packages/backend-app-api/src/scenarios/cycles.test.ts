// Cycles of services and of modules: found before anything of them runs, and reported completely, with the source of each link.
import {
  createBackendFeatureLoader,
  createExtensionPoint,
  createServiceFactory,
  createServiceRef,
  type ServiceRef,
} from '@greenroom/backend-plugin-api';
import { entryOf, failuresOf, plugin, pluginModule, provide, resultOf } from './backendFixture';

type Ref = ServiceRef<string, 'root'>;
const made: string[] = [];
beforeEach(() => void made.splice(0));

const refOf = (id: string, scope: 'root' | 'plugin' = 'root') =>
  createServiceRef<string>({ id, scope: scope as 'root' });
/** A factory of `service` that depends on the others and notes that it ran. */
const needs = (service: Ref, ...others: Ref[]) =>
  createServiceFactory({
    service,
    deps: Object.fromEntries(others.map(other => [other.id, other])),
    factory: () => {
      made.push(service.id);
      return service.id;
    },
  });

describe('services must not form a cycle', () => {
  const [one, two, three] = [refOf('test.one'), refOf('test.two'), refOf('test.three')];

  it('the whole cycle is reported, each link with where it was added, and nothing of it is made', async () => {
    const result = await resultOf([needs(one, two), needs(two, three), needs(three, one), plugin('p')]);
    const link = String.raw`\(from \S+backendFixture\.ts:\d+:\d+\)`;
    expect(failuresOf(result)).toEqual([
      [
        'GR_SERVICE_CYCLE',
        expect.stringMatching(
          new RegExp(
            `circle: 'test\\.one' ${link} -> 'test\\.two' ${link} -> 'test\\.three' ${link} -> 'test\\.one'`,
          ),
        ),
      ],
    ]);
    expect(made).toEqual([]);
    expect(entryOf(result, 'p').status).toBe('skipped');
  });

  it('a service that depends on itself is a cycle', async () => {
    const result = await resultOf([needs(one, one)]);
    expect(failuresOf(result)).toEqual([
      ['GR_SERVICE_CYCLE', expect.stringMatching(/circle: 'test\.one' \(from [^)]+\) -> 'test\.one'/)],
    ]);
  });

  it('a cycle of plugin services is a failure of the plugins that need it, with the path to it', async () => {
    const [a, b] = [refOf('test.a', 'plugin'), refOf('test.b', 'plugin')];
    const entrance = refOf('test.entrance', 'plugin');
    const result = await resultOf([
      needs(entrance, a),
      needs(a, b),
      needs(b, a),
      plugin('needy', { deps: { entrance } }),
      plugin('other'),
    ]);
    expect(failuresOf(result)).toEqual([['GR_SERVICE_CYCLE', expect.anything()]]);
    expect((entryOf(result, 'needy').failure!.error as { path?: string[] }).path).toEqual([
      "plugin 'needy'",
      "service 'test.entrance'",
      "service 'test.a'",
    ]);
    expect(entryOf(result, 'other').failure).toBeUndefined();
    expect(made).toEqual([]);
  });

  it('a cycle that no plugin needs is reported, too', async () => {
    const [a, b] = [refOf('test.a', 'plugin'), refOf('test.b', 'plugin')];
    const result = await resultOf([needs(a, b), needs(b, a), plugin('p')]);
    expect(failuresOf(result)).toEqual([['GR_SERVICE_CYCLE', expect.stringContaining("'test.a'")]]);
    expect(result.problems).toHaveLength(1);
  });

  it('a cycle of default factories is found before any of them runs', async () => {
    const back: { ref?: Ref } = {};
    const front: Ref = createServiceRef<string>({
      id: 'test.front',
      scope: 'root',
      defaultFactory: async () => needs(front, back.ref!),
    });
    back.ref = createServiceRef<string>({
      id: 'test.back',
      scope: 'root',
      defaultFactory: async () => needs(back.ref!, front),
    });
    const result = await resultOf([plugin('p', { deps: { front } })]);
    expect(entryOf(result, 'p').failure!.error).toMatchObject({
      code: 'GR_SERVICE_CYCLE',
      message: expect.stringMatching(
        /'test\.front' \(from the default factory of the reference\) -> 'test\.back' \(from/,
      ),
    });
    expect(made).toEqual([]);
  });

  it('two cycles are two problems, and a cycle that two services need is one', async () => {
    const [a, b, c] = [refOf('test.a'), refOf('test.b'), refOf('test.c')];
    const features = [needs(a, a), needs(b, b), needs(c, b), needs(one, b)];
    expect(failuresOf(await resultOf(features)).map(([code]) => code)).toEqual([
      'GR_SERVICE_CYCLE',
      'GR_SERVICE_CYCLE',
    ]);
  });

  it('a feature loader that needs a service of a cycle fails before anything of it is made', async () => {
    const loader = createBackendFeatureLoader({ deps: { one }, loader: () => [] });
    const result = await resultOf([needs(one, two), needs(two, one), loader]);
    expect(failuresOf(result)[0]).toEqual(['GR_LOADER_FAILED', expect.stringContaining("'test.one'")]);
    expect(made).toEqual([]);
  });

  it('a diamond is not a cycle', async () => {
    const top = refOf('test.top');
    const result = await resultOf([needs(top, one, two), needs(one, three), needs(two, three), needs(three)]);
    expect(failuresOf(result)).toEqual([]);
    expect([...made].sort()).toEqual(['test.one', 'test.three', 'test.top', 'test.two']);
  });

  it('a chain may be longer than the stack is deep', async () => {
    const length = 20_000;
    const refs = Array.from({ length }, (_, at) => refOf(`test.link${at}`, 'plugin'));
    const chain = refs.map((ref, at) => needs(ref, ...(at === 0 ? [refs[length - 1]!] : [refs[at - 1]!])));
    const result = await resultOf([], { defaultServiceFactories: chain });
    expect(failuresOf(result)).toEqual([['GR_SERVICE_CYCLE', expect.stringContaining("'test.link19999'")]]);
  });
});

describe('modules must not wait for each other in a cycle', () => {
  const pointOf = (id: string) => createExtensionPoint<object>({ id });
  const [x, y] = [pointOf('test.x'), pointOf('test.y')];
  const ran: string[] = [];
  const waiting = (id: string, offered: typeof x, used: typeof x) =>
    pluginModule('p', id, { offers: [[offered, {}]], deps: { used }, init: () => void ran.push(id) });

  it('the whole cycle is a failure of their plugin, with the extension points, and none of them runs', async () => {
    const result = await resultOf([
      plugin('p', { init: () => void ran.push('plugin') }),
      waiting('a', x, y),
      waiting('b', y, x),
      plugin('q'),
    ]);
    const [[code, message] = []] = failuresOf(result);
    expect(code).toBe('GR_MODULE_CYCLE');
    expect(message).toMatch(
      /^Modules of plugin 'p' wait for each other in a circle: 'a' \(added at \S+\) waits through 'test\.x' -> 'b' \(added at \S+\) waits through 'test\.y' -> 'a'\./,
    );
    expect(entryOf(result, 'p').status).toBe('failed');
    expect(entryOf(result, 'q').failure).toBeUndefined();
    expect(ran).toEqual([]);
  });

  it('a module that consumes its own extension point is a cycle', async () => {
    const result = await resultOf([plugin('p'), waiting('selfish', x, x)]);
    expect(failuresOf(result)).toEqual([['GR_MODULE_CYCLE', expect.stringContaining("'selfish'")]]);
  });

  it('if the plugin may fail, the other plugins start', async () => {
    const config = { backend: { startup: { plugins: { p: { onPluginBootFailure: 'continue' } } } } };
    const features = [plugin('p'), waiting('a', x, y), waiting('b', y, x), plugin('q')];
    const result = await resultOf(features, { config });
    expect(result.outcome).toBe('success');
    expect(entryOf(result, 'p').failure).toMatchObject({ allowed: true, error: { code: 'GR_MODULE_CYCLE' } });
    expect(entryOf(result, 'q').status).toBe('started');
  });
});

it('a service and an extension point may share an id', async () => {
  const service = refOf('test.same', 'plugin');
  const point = createExtensionPoint<string[]>({ id: 'test.same' });
  const items: string[] = [];
  const module = pluginModule('p', 'm', {
    deps: { service, point },
    init: deps => void deps.point.push(deps.service),
  });
  const owner = plugin('p', { offers: [[point, items]] });
  const result = await resultOf([provide(service, () => 'value'), owner, module]);
  expect(failuresOf(result)).toEqual([]);
  expect(items).toEqual(['value']);
});
