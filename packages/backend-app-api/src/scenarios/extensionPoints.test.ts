// Extension points: which modules can use them, what their factories give each module, and failures reported through them.
import {
  createBackendModule,
  createBackendPlugin,
  createExtensionPoint,
  type BackendPluginRegistrationPoints,
} from '@greenroom/backend-plugin-api';
import { backendFixture, entryOf, failuresOf, plugin, pluginModule, resultOf } from './backendFixture';

const point = createExtensionPoint<{ add(item: string): void }>({ id: 'test.items' });
const sink = { add: () => {} };

describe('an extension point is visible only to modules of the plugin that registered it', () => {
  it('a module of another plugin is refused, with a message that names the owner', async () => {
    const owner = plugin('owner', { offers: [[point, sink]] });
    const foreign = pluginModule('other', 'm', { deps: { items: point } });
    const result = await resultOf([owner, plugin('other'), foreign]);
    expect(failuresOf(result)).toContainEqual([
      'GR_EXTENSION_POINT_FOREIGN',
      expect.stringMatching(
        /^Module 'm' of plugin 'other' needs extension point 'test\.items', which is registered by plugin 'owner' \(added at .*\)\. Only modules of plugin 'owner' can use it/,
      ),
    ]);
    expect(entryOf(result, 'owner').failure).toBeUndefined();
  });

  it('likewise if a module registered it', async () => {
    const provider = pluginModule('owner', 'provider', { offers: [[point, sink]] });
    const foreign = pluginModule('other', 'm', { deps: { items: point } });
    const result = await resultOf([plugin('owner'), provider, plugin('other'), foreign]);
    expect(failuresOf(result)).toContainEqual([
      'GR_EXTENSION_POINT_FOREIGN',
      expect.stringContaining("registered by module 'provider' of plugin 'owner'"),
    ]);
  });

  it('two plugins may use one id, each for its own modules', async () => {
    const got: Record<string, string[]> = { a: [], b: [] };
    const features = ['a', 'b'].flatMap(id => [
      plugin(id, { offers: [[point, { add: (item: string) => got[id]!.push(item) }]] }),
      pluginModule(id, 'm', { deps: { items: point }, init: ({ items }) => items.add(`of ${id}`) }),
    ]);
    await backendFixture({ features }).start();
    expect(got).toEqual({ a: ['of a'], b: ['of b'] });
  });

  it("a plugin's init can't depend on extension points, not even its own", async () => {
    const own = createBackendPlugin({
      pluginId: 'p',
      register(reg) {
        reg.registerExtensionPoint(point, sink);
        const { registerInit } = reg as unknown as {
          registerInit(options: { deps: unknown; init(): Promise<void> }): void;
        };
        registerInit({ deps: { items: point }, init: async () => {} });
      },
    });
    expect(failuresOf(await resultOf([own]))).toEqual([
      [
        'GR_PLUGIN_NEEDS_EXTENSION_POINT',
        expect.stringContaining("The init of plugin 'p' depends on extension point 'test.items'"),
      ],
    ]);
  });

  it("a plugin and one of its modules can't register the same one", async () => {
    const owner = plugin('p', { offers: [[point, sink]] });
    const twin = pluginModule('p', 'm', { offers: [[point, sink]] });
    expect(failuresOf(await resultOf([owner, twin]))).toEqual([
      [
        'GR_EXTENSION_POINT_DUPLICATE',
        expect.stringMatching(
          /is registered twice: by plugin 'p' \(added at .*\) and by module 'm' of plugin 'p' \(added at .*\)\./,
        ),
      ],
    ]);
  });

  it('if two modules register it, nothing waits for the second', async () => {
    const otherPoint = createExtensionPoint<typeof sink>({ id: 'test.other' });
    const result = await resultOf([
      plugin('p'),
      pluginModule('p', 'first', { offers: [[point, sink]] }),
      pluginModule('p', 'second', { offers: [[point, sink]], deps: { otherPoint } }),
      pluginModule('p', 'consumer', { offers: [[otherPoint, sink]], deps: { point } }),
    ]);
    expect(failuresOf(result).map(([code]) => code)).toEqual(['GR_EXTENSION_POINT_DUPLICATE']);
  });
});

describe('the factory of an extension point makes one implementation for each module', () => {
  const ownerWith = (
    options: Parameters<BackendPluginRegistrationPoints['registerExtensionPoint']>[0],
    init = async () => {},
  ) =>
    createBackendPlugin({
      pluginId: 'p',
      register(reg) {
        reg.registerExtensionPoint(
          options as Parameters<typeof reg.registerExtensionPoint>[0] & { factory(): unknown },
        );
        reg.registerInit({ deps: {}, init });
      },
    });

  it('only for modules that use it', async () => {
    let made = 0;
    const got: number[] = [];
    const counter = createExtensionPoint<{ nr: number }>({ id: 'test.counter' });
    const owner = ownerWith({ extensionPoint: counter, factory: () => ({ nr: (made += 1) }) } as never);
    const asking = (id: string) =>
      pluginModule('p', id, { deps: { counter }, init: deps => void got.push(deps.counter.nr) });
    await backendFixture({
      features: [owner, asking('one'), asking('two'), pluginModule('p', 'three')],
    }).start();
    expect(got).toEqual([1, 2]);
    expect(made).toBe(2);
  });

  it('that fails is a failure of the module that asked', async () => {
    const owner = ownerWith({
      extensionPoint: point,
      factory: () => {
        throw new Error('closed');
      },
    } as never);
    const result = await resultOf([owner, pluginModule('p', 'm', { deps: { items: point } })]);
    expect(entryOf(result, 'p', 'm').failure!.error).toMatchObject({
      code: 'GR_EXTENSION_POINT_FAILED',
      message: expect.stringContaining(
        "Module 'm' of plugin 'p' could not get extension point 'test.items': closed",
      ),
    });
  });

  describe('reportModuleStartupFailure books a failure on the module that asked for it', () => {
    type Report = (options: { error: Error }) => void;

    /** A plugin that keeps what every module's implementation can report with. */
    const reporting = (reports: Map<string, Report>, init?: () => Promise<void>) =>
      ownerWith(
        {
          extensionPoint: point,
          factory: ({ reportModuleStartupFailure }: { reportModuleStartupFailure: Report }) => ({
            add: (item: string) => void reports.set(item, reportModuleStartupFailure),
          }),
        } as never,
        init,
      );
    const adding = (id: string) =>
      pluginModule('p', id, { deps: { items: point }, init: ({ items }) => items.add(id) });

    it('while the module starts', async () => {
      const reports = new Map<string, Report>();
      const rejecting = createBackendModule({
        pluginId: 'p',
        moduleId: 'rejected',
        register: reg =>
          reg.registerInit({
            deps: { items: point },
            init: async ({ items }) => {
              items.add('rejected');
              reports.get('rejected')!({ error: new Error('not like this') });
            },
          }),
      });
      const result = await resultOf([reporting(reports), rejecting, adding('fine')]);
      expect(entryOf(result, 'p', 'rejected')).toMatchObject({
        status: 'failed',
        failure: { allowed: false, error: { code: 'GR_MODULE_REPORTED_FAILURE' } },
      });
      expect(entryOf(result, 'p', 'fine').status).toBe('started');
      expect(result.outcome).toBe('failure');
    });

    it("during the plugin's init, when it looks at what the modules gave it", async () => {
      const reports = new Map<string, Report>();
      const cause = new Error('invalid item');
      const owner = reporting(reports, async () => reports.get('two')!({ error: cause }));
      const config = { backend: { startup: { default: { onPluginModuleBootFailure: 'continue' } } } };
      const result = await resultOf([owner, adding('one'), adding('two')], { config });
      expect(entryOf(result, 'p', 'two').failure).toMatchObject({ allowed: true, error: { cause } });
      expect(entryOf(result, 'p', 'one').status).toBe('started');
      expect(entryOf(result, 'p').status).toBe('started');
      expect(result.outcome).toBe('success');
    });

    it("during the plugin's init, and fails the plugin unless the module may fail", async () => {
      const reports = new Map<string, Report>();
      const owner = reporting(reports, async () => reports.get('m')!({ error: new Error('invalid item') }));
      const result = await resultOf([owner, adding('m')]);
      expect(entryOf(result, 'p')).toMatchObject({
        status: 'failed',
        failure: { allowed: false, error: { code: 'GR_MODULE_FAILED' } },
      });
    });

    it('later on it throws, because the result is final', async () => {
      const reports = new Map<string, Report>();
      const result = await resultOf([reporting(reports), adding('one')]);
      expect(() => reports.get('one')!({ error: new Error('too late') })).toThrow('too late');
      expect(entryOf(result, 'p', 'one').status).toBe('started');
    });
  });
});
