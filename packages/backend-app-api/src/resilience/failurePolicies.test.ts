// The boot failure policy: every place of a failure, combined with every action.
import {
  coreServices,
  createBackendModule,
  createBackendPlugin,
  createServiceFactory,
  createServiceRef,
  type BackendFeature,
} from '@greenroom/backend-plugin-api';
import { PluginStatuses } from '../boot/PluginStatuses';
import { pluginStatusServiceRef, type PluginStatusService } from '..';
import {
  backendFixture,
  entryOf,
  plugin,
  pluginModule,
  provide,
  startedOrFailed,
} from '../scenarios/backendFixture';

const actions = ['abort', 'continue', 'retry'] as const;
type Action = (typeof actions)[number];

const boom = (): never => {
  throw new Error('boom');
};
const rejecting = async () => boom();
const brokenRef = createServiceRef<object>({ id: 'test.broken' });
const deps = { broken: brokenRef };
const { lifecycle } = coreServices;
const hooked = {
  deps: { lifecycle },
  init: ({ lifecycle: hooks }: { lifecycle: typeof lifecycle.T }) => hooks.addStartupHook(rejecting),
};

/** By where the plugin fails: the features, and the code of the failure. */
const pluginFailures: Record<string, [code: string, ...features: BackendFeature[]]> = {
  register: ['GR_REGISTER_FAILED', createBackendPlugin({ pluginId: 'p', register: boom })],
  'a factory': ['GR_SERVICE_FAILED', plugin('p', { deps }), provide(brokenRef, boom)],
  'an asynchronous factory': ['GR_SERVICE_FAILED', plugin('p', { deps }), provide(brokenRef, rejecting)],
  init: ['GR_INIT_FAILED', plugin('p', { init: boom })],
  'an asynchronous init': ['GR_INIT_FAILED', plugin('p', { init: rejecting })],
  'a startup hook': ['GR_STARTUP_HOOK_FAILED', plugin('p', hooked)],
};
const moduleFailures: Record<string, [code: string, ...features: BackendFeature[]]> = {
  register: ['GR_REGISTER_FAILED', createBackendModule({ pluginId: 'p', moduleId: 'm', register: boom })],
  'a factory': ['GR_SERVICE_FAILED', pluginModule('p', 'm', { deps }), provide(brokenRef, boom)],
  init: ['GR_INIT_FAILED', pluginModule('p', 'm', { init: boom })],
  'an asynchronous init': ['GR_INIT_FAILED', pluginModule('p', 'm', { init: rejecting })],
};

async function start(features: BackendFeature[], onPlugin: Action, onModule: Action) {
  let status: PluginStatusService = new PluginStatuses();
  const reader = plugin('reader', {
    deps: { status: pluginStatusServiceRef },
    init: ({ status: engineStatus }) => void (status = engineStatus),
  });
  const startup = {
    default: { onPluginBootFailure: onPlugin, onPluginModuleBootFailure: onModule },
    retry: { initialDelay: '1h' },
  };
  const backend = backendFixture({ features: [reader, ...features], config: { backend: { startup } } });
  const result = await startedOrFailed(backend);
  return { result, state: () => status.get('p') };
}

const retried = true;

describe('a plugin that fails', () => {
  const cases = Object.entries(pluginFailures).flatMap(([where, [code, ...features]]) =>
    actions.map(action => ({ where, action, code, features })),
  );
  it.each(cases)('in $where, with $action', async ({ action, code, features }) => {
    const allowed = action !== 'abort';
    const { result, state } = await start(features, action, 'abort');
    expect(result.outcome).toBe(allowed ? 'success' : 'failure');
    expect(entryOf(result, 'p')).toMatchObject({ status: 'failed', failure: { allowed, error: { code } } });
    expect(result.plugins.map(({ pluginId }) => pluginId).sort()).toEqual(['p', 'reader']);
    if (allowed) expect(state()).toEqual({ status: 'failed', code, ...(action === 'retry' && { retried }) });
    // Where the plan tells that the start can't succeed, nothing is started.
    const doomed = !allowed && code === 'GR_REGISTER_FAILED';
    expect(entryOf(result, 'reader').status).toBe(doomed ? 'skipped' : 'started');
  });
});

describe('a module that fails', () => {
  const cases = Object.entries(moduleFailures).flatMap(([where, [code, ...features]]) =>
    actions.flatMap(onModule => actions.map(onPlugin => ({ where, onModule, onPlugin, code, features }))),
  );
  it.each(cases)(
    'in $where, with $onModule for modules and $onPlugin for plugins',
    async ({ onModule, onPlugin, code, features }) => {
      let initialised = false;
      const owner = plugin('p', { init: () => void (initialised = true) });
      const { result, state } = await start([owner, ...features], onPlugin, onModule);
      const allowed = onModule !== 'abort' || onPlugin !== 'abort';
      const pluginUp = onModule === 'continue';
      const doomed = !allowed && code === 'GR_REGISTER_FAILED';

      expect(result.outcome).toBe(allowed ? 'success' : 'failure');
      expect(entryOf(result, 'p', 'm')).toMatchObject({
        status: 'failed',
        failure: { allowed, error: { code } },
      });
      expect(initialised).toBe(pluginUp);
      if (doomed) {
        expect(entryOf(result, 'p')).toMatchObject({ status: 'skipped' });
        return;
      }
      expect(entryOf(result, 'p').status).toBe(pluginUp ? 'started' : 'failed');
      const failed = { status: 'failed', code: 'GR_MODULE_FAILED' };
      const triedAgain = [onModule, onPlugin].includes('retry') && { retried };
      expect(state()).toEqual(pluginUp ? { status: 'started' } : { ...failed, ...triedAgain });
      if (!pluginUp) {
        expect(entryOf(result, 'p').failure).toMatchObject({ allowed, error: { code: 'GR_MODULE_FAILED' } });
      }
    },
  );

  it('does not excuse another one that may not fail', async () => {
    const backend = backendFixture({
      features: [
        plugin('p'),
        pluginModule('p', 'retried', { init: boom }),
        pluginModule('p', 'decisive', { init: boom }),
      ],
      config: {
        backend: {
          startup: { plugins: { p: { modules: { retried: { onPluginModuleBootFailure: 'retry' } } } } },
        },
      },
    });
    const result = await startedOrFailed(backend);
    expect(result.outcome).toBe('failure');
    expect(entryOf(result, 'p').failure!.allowed).toBe(false);
    expect(entryOf(result, 'p', 'retried').failure!.allowed).toBe(true);
    expect(entryOf(result, 'p', 'decisive').failure!.allowed).toBe(false);
  });
});

it('a plugin that fails before it gets to a wrongly wired module: both are reported', async () => {
  const absent = createServiceRef<object>({ id: 'test.absent' });
  const features = [
    plugin('p'),
    createServiceFactory({ service: brokenRef, initialization: 'always', deps: {}, factory: rejecting }),
    pluginModule('p', 'm', { deps: { absent } }),
  ];
  const { result } = await start(features, 'continue', 'continue');
  expect(entryOf(result, 'p').failure!.error).toMatchObject({ code: 'GR_SERVICE_FAILED' });
  expect(entryOf(result, 'p', 'm')).toMatchObject({
    status: 'failed',
    failure: { allowed: true, error: { code: 'GR_SERVICE_MISSING' } },
  });
});

describe('of a start that is over before anything runs', () => {
  const missing = { deps: { missing: createServiceRef<object>({ id: 'test.missing' }) } };
  const startup = {
    plugins: {
      q: { onPluginBootFailure: 'continue' },
      p: { modules: { n: { onPluginModuleBootFailure: 'continue' } } },
    },
  };
  const parts = [
    ...['p', 'q'].map(id => plugin(id, missing)),
    ...['m', 'n'].map(id => pluginModule('p', id, missing)),
    pluginModule('q', 'm', missing),
  ];
  const allowed = async (features: BackendFeature[]) => {
    const backend = backendFixture({ features, config: { backend: { startup } } });
    const result = await startedOrFailed(backend);
    return [['p'], ['p', 'm'], ['p', 'n'], ['q'], ['q', 'm']].map(
      ([id, moduleId]) => entryOf(result, id!, moduleId)?.failure?.allowed,
    );
  };

  it('the entries say whether their failures would have been allowed', async () => {
    expect(await allowed(parts)).toEqual([false, false, true, true, true]);
  });

  it('they do even if a root service ended it', async () => {
    const root = createServiceRef<object>({ id: 'test.root', scope: 'root' });
    const sound = [plugin('p'), ...parts.slice(1, 2), ...parts.slice(3)];
    expect(await allowed([...sound, provide(root, boom)])).toEqual([undefined, undefined, true, true, true]);
  });
});
