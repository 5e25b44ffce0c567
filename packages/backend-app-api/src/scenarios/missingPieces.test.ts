// Plugins, services and extension points that are missing.
import { createExtensionPoint, createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';
import {
  backendFixture,
  entryOf,
  failuresOf,
  plugin,
  pluginModule,
  provide,
  recordedLogger,
  resultOf,
} from './backendFixture';

const absentRef = createServiceRef<string>({ id: 'test.absent' });

describe('a module whose plugin is not installed', () => {
  it('is skipped, never runs, and does not abort the start', async () => {
    let ran = false;
    const stray = pluginModule('catalogue', 'm', { init: () => void (ran = true) });
    const result = await resultOf([plugin('catalog'), stray]);
    expect(result.outcome).toBe('success');
    expect(ran).toBe(false);
    expect(entryOf(result, 'catalog').status).toBe('started');
    expect(entryOf(result, 'catalogue').status).toBe('skipped');
    expect(entryOf(result, 'catalogue', 'm')).toMatchObject({
      status: 'skipped',
      failure: { allowed: true, error: { code: 'GR_MODULE_WITHOUT_PLUGIN' } },
    });
  });

  it('is a warning in the log, with where it was added and which plugin was probably meant', async () => {
    const { lines, factory } = recordedLogger();
    const result = await resultOf([plugin('catalog'), pluginModule('catalogue', 'm'), factory]);
    const { message } = entryOf(result, 'catalogue', 'm').failure!.error;
    expect(message).toMatch(
      /^Module 'm' of plugin 'catalogue', added at \S+:\d+:\d+, is skipped: plugin 'catalogue' is not installed\. Did you mean 'catalog'\?/,
    );
    expect(lines).toEqual([`warn: ${message}`]);
  });

  it('may have dependencies that are missing, too', async () => {
    const point = createExtensionPoint<string>({ id: 'test.nowhere' });
    const stray = pluginModule('gone', 'm', { deps: { absent: absentRef, point } });
    expect((await resultOf([stray])).outcome).toBe('success');
  });

  it('shares the entry of its plugin with other modules', async () => {
    const result = await resultOf([pluginModule('gone', 'one'), pluginModule('gone', 'two')]);
    expect(
      result.plugins.map(({ pluginId, modules }) => [pluginId, modules.map(one => one.moduleId)]),
    ).toEqual([['gone', ['one', 'two']]]);
  });
});

describe('a service that nothing provides', () => {
  it('is a failure of the plugin that asked, with the nearest id', async () => {
    const nearRef = createServiceRef<string>({ id: 'test.absence' });
    const result = await resultOf([
      plugin('p', { deps: { absent: absentRef } }),
      plugin('q'),
      provide(nearRef, () => ''),
    ]);
    expect(failuresOf(result)).toEqual([
      [
        'GR_SERVICE_MISSING',
        expect.stringMatching(
          /^Plugin 'p' needs service 'test\.absent', for which there is no factory \(added at .*\)\. Did you mean 'test\.absence'\? Add a factory for 'test\.absent'\.$/,
        ),
      ],
    ]);
    expect(entryOf(result, 'q').failure).toBeUndefined();
  });

  it('is a failure of the module that asked', async () => {
    const result = await resultOf([plugin('p'), pluginModule('p', 'm', { deps: { absent: absentRef } })]);
    expect(entryOf(result, 'p', 'm').failure!.error).toMatchObject({
      code: 'GR_SERVICE_MISSING',
      message: expect.stringContaining("Module 'm' of plugin 'p' needs service 'test.absent'"),
    });
  });

  it('is reported with the path to it, and nothing runs', async () => {
    const ran: string[] = [];
    const viaRef = createServiceRef<string>({ id: 'test.via' });
    const via = createServiceFactory({
      service: viaRef,
      deps: { absent: absentRef },
      factory: () => {
        ran.push('via');
        return '';
      },
    });
    const asking = plugin('p', { deps: { via: viaRef }, init: () => void ran.push('p') });
    const result = await resultOf([via, asking, plugin('q', { init: () => void ran.push('q') })]);
    expect(failuresOf(result)).toEqual([
      [
        'GR_SERVICE_MISSING',
        expect.stringContaining(
          "Service 'test.via' needs service 'test.absent', for which there is no factory (plugin 'p' -> service 'test.via'; factory from ",
        ),
      ],
    ]);
    expect(ran).toEqual([]);
  });

  it('does not matter if only an unused service needs it', async () => {
    const unused = createServiceFactory({
      service: createServiceRef<string>({ id: 'test.unused' }),
      deps: { absent: absentRef },
      factory: () => '',
    });
    expect((await resultOf([unused, plugin('p')])).outcome).toBe('success');
  });
});

describe('an extension point that nobody registers', () => {
  it('is a failure of the module that asked, with the nearest id', async () => {
    const owner = plugin('p', { offers: [[createExtensionPoint<object>({ id: 'test.items' }), {}]] });
    const item = createExtensionPoint<object>({ id: 'test.item' });
    const result = await resultOf([owner, pluginModule('p', 'm', { deps: { item } })]);
    expect(entryOf(result, 'p', 'm').failure!.error).toMatchObject({
      code: 'GR_EXTENSION_POINT_MISSING',
      message: expect.stringMatching(
        /^Module 'm' of plugin 'p' needs extension point 'test\.item', which neither plugin 'p' nor any of its modules registers \(added at .*\)\. Did you mean 'test\.items'\?/,
      ),
    });
  });
});

describe('everything that is missing is reported at once', () => {
  it('as one failure of each plugin and module, and all of them in the message of the error', async () => {
    const point = createExtensionPoint<object>({ id: 'test.nowhere' });
    const otherRef = createServiceRef<string>({ id: 'test.other' });
    const features = [
      plugin('a', { deps: { absent: absentRef, other: otherRef } }),
      plugin('b', { deps: { other: otherRef } }),
      pluginModule('b', 'm', { deps: { point } }),
    ];
    const result = await resultOf(features);
    expect(failuresOf(result).map(([code]) => code)).toEqual([
      'GR_WIRING_INVALID',
      'GR_SERVICE_MISSING',
      'GR_EXTENSION_POINT_MISSING',
    ]);
    expect(entryOf(result, 'a').failure!.error.message).toMatch(/'test\.absent'.*'test\.other'/s);
    await expect(backendFixture({ features }).start()).rejects.toThrow(
      /test\.absent.*test\.other.*test\.nowhere/s,
    );
  });
});
