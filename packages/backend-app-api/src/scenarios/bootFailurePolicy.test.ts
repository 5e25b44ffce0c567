// The boot failure policy in the configuration: which failures abort a start, and which don't.
import { createServiceRef } from '@greenroom/backend-plugin-api';
import { BackendStartupError } from '..';
import {
  backendFixture,
  entryOf,
  failuresOf,
  plugin,
  pluginModule,
  provide,
  resultOf,
} from './backendFixture';

const policy = (startup: object) => ({ config: { backend: { startup } } }) as { config: {} };
const failingPlugin = (id: string) =>
  plugin(id, { init: () => Promise.reject(new Error(`${id} is broken`)) });
const failingModule = (pluginId: string, id: string) =>
  pluginModule(pluginId, id, { init: () => Promise.reject(new Error(`${id} is broken`)) });

describe('without a configuration every failure aborts the start', () => {
  it.each([
    ['of a plugin', [failingPlugin('p'), plugin('q')], 'p is broken'],
    ['of a module', [plugin('p'), failingModule('p', 'm'), plugin('q')], 'm is broken'],
  ])('%s', async (_, features, message) => {
    await expect(backendFixture({ features }).start()).rejects.toThrow(message);
    await expect(backendFixture({ features, config: {} }).start()).rejects.toThrow(BackendStartupError);
  });

  it('the other plugins start nevertheless, so that all failures are known', async () => {
    const result = await resultOf([failingPlugin('p'), plugin('q'), failingPlugin('r')]);
    expect(result.plugins.map(({ status }) => status)).toEqual(['failed', 'started', 'failed']);
    expect(entryOf(result, 'p').failure).toMatchObject({ allowed: false, error: { code: 'GR_INIT_FAILED' } });
  });
});

describe('a plugin that may fail', () => {
  const allowP = policy({ plugins: { p: { onPluginBootFailure: 'continue' } } });

  it('is in the result as allowed, and the start succeeds', async () => {
    const result = await resultOf([failingPlugin('p'), plugin('q')], allowP);
    expect(result.outcome).toBe('success');
    expect(entryOf(result, 'p')).toMatchObject({ status: 'failed', failure: { allowed: true } });
    expect(entryOf(result, 'q').status).toBe('started');
  });

  it('does not allow the failure of another one', async () => {
    const result = await resultOf([failingPlugin('p'), failingPlugin('q')], allowP);
    expect(result.outcome).toBe('failure');
    expect(entryOf(result, 'p').failure!.allowed).toBe(true);
    expect(entryOf(result, 'q').failure!.allowed).toBe(false);
  });

  it('may fail because of a module, of a service, in register or in its wiring', async () => {
    const brokenRef = createServiceRef<string>({ id: 'test.broken' });
    const absentRef = createServiceRef<string>({ id: 'test.absent' });
    const broken = provide(brokenRef, () => Promise.reject(new Error('torn')));
    for (const [features, code] of [
      [[plugin('p'), failingModule('p', 'm')], 'GR_MODULE_FAILED'],
      [[plugin('p', { deps: { broken: brokenRef } }), broken], 'GR_SERVICE_FAILED'],
      [[plugin('p', { deps: { absent: absentRef } })], 'GR_SERVICE_MISSING'],
      [[plugin('p'), plugin('p')], 'GR_PLUGIN_DUPLICATE'],
    ] as const) {
      const result = await resultOf([...features, plugin('q')], allowP);
      expect(result.outcome).toBe('success');
      expect(entryOf(result, 'p').failure).toMatchObject({ allowed: true, error: { code } });
      expect(entryOf(result, 'q').status).toBe('started');
    }
  });

  it('its init does not run if one of its modules failed', async () => {
    let ran = false;
    const owner = plugin('p', { init: () => void (ran = true) });
    await resultOf([owner, failingModule('p', 'm')], allowP);
    expect(ran).toBe(false);
  });
});

describe('a module that may fail', () => {
  const allowM = policy({
    plugins: { p: { modules: { m: { onPluginModuleBootFailure: 'continue' } } } },
  });

  it('is in the result as allowed, and its plugin starts', async () => {
    let ran = false;
    const owner = plugin('p', { init: () => void (ran = true) });
    const result = await resultOf([owner, failingModule('p', 'm'), pluginModule('p', 'n')], allowM);
    expect(result.outcome).toBe('success');
    expect(entryOf(result, 'p', 'm')).toMatchObject({ status: 'failed', failure: { allowed: true } });
    expect(entryOf(result, 'p', 'n').status).toBe('started');
    expect(entryOf(result, 'p')).toMatchObject({ status: 'started' });
    expect(entryOf(result, 'p').failure).toBeUndefined();
    expect(ran).toBe(true);
  });

  it('does not allow the failure of another module, nor of its plugin', async () => {
    const others = await resultOf([plugin('p'), failingModule('p', 'm'), failingModule('p', 'n')], allowM);
    expect(others.outcome).toBe('failure');
    expect(entryOf(others, 'p', 'n').failure!.allowed).toBe(false);
    expect(entryOf(others, 'p').failure!.error.message).not.toContain('m is broken');
    expect((await resultOf([failingPlugin('p')], allowM)).outcome).toBe('failure');
  });

  it('of the same id in another plugin is not meant', async () => {
    const result = await resultOf([plugin('p'), plugin('q'), failingModule('q', 'm')], allowM);
    expect(entryOf(result, 'q', 'm').failure!.allowed).toBe(false);
  });

  it('of a plugin that may fail is allowed with it', async () => {
    const allowPlugin = policy({ plugins: { p: { onPluginBootFailure: 'continue' } } });
    const result = await resultOf([plugin('p'), failingModule('p', 'm')], allowPlugin);
    expect(entryOf(result, 'p', 'm').failure!.allowed).toBe(true);
    expect(entryOf(result, 'p').status).toBe('failed');
  });
});

describe('the default of the configuration', () => {
  const lenient = { onPluginBootFailure: 'continue', onPluginModuleBootFailure: 'continue' };

  it('holds for every plugin and module that does not say otherwise', async () => {
    const startup = {
      default: lenient,
      plugins: {
        strict: {
          onPluginBootFailure: 'abort',
          modules: { m: { onPluginModuleBootFailure: 'abort' } },
        },
      },
    };
    const allowed = [failingPlugin('p'), plugin('q'), failingModule('q', 'm')];
    expect((await resultOf(allowed, policy(startup))).outcome).toBe('success');
    const refused = await resultOf(
      [...allowed, plugin('strict'), failingModule('strict', 'm')],
      policy(startup),
    );
    expect(refused.outcome).toBe('failure');
    expect(entryOf(refused, 'strict').failure).toMatchObject({ allowed: false });
    expect(entryOf(refused, 'p').failure).toMatchObject({ allowed: true });
  });

  it('does not cover what belongs to no plugin', async () => {
    const rootRef = createServiceRef<string>({ id: 'test.root', scope: 'root' });
    const broken = provide(rootRef, () => Promise.reject(new Error('no network')));
    const result = await resultOf([broken, plugin('p')], policy({ default: lenient }));
    expect(result.outcome).toBe('failure');
    expect(result.problems).toMatchObject([{ code: 'GR_SERVICE_FAILED' }]);
  });
});

describe('an invalid policy is a problem of the backend, which names its key', () => {
  it.each([
    [
      { default: { onPluginBootFailure: 'ignore' } },
      'backend.startup.default.onPluginBootFailure',
      "the string 'ignore'",
    ],
    [
      { default: { onPluginModuleBootFailure: true } },
      'backend.startup.default.onPluginModuleBootFailure',
      'true',
    ],
    [{ plugins: { p: { onPluginBootFailure: 3 } } }, 'backend.startup.plugins.p.onPluginBootFailure', '3'],
    [
      { plugins: { p: { modules: { m: { onPluginModuleBootFailure: 'no' } } } } },
      'backend.startup.plugins.p.modules.m.onPluginModuleBootFailure',
      "'no'",
    ],
  ])('%j', async (startup, key, found) => {
    let ran = false;
    const result = await resultOf([plugin('p', { init: () => void (ran = true) })], policy(startup));
    expect(failuresOf(result)).toEqual([
      ['GR_STARTUP_CONFIG_INVALID', expect.stringContaining(`'${key}' is `)],
    ]);
    expect(failuresOf(result)[0]![1]).toContain(found);
    expect(ran).toBe(false);
  });
});
