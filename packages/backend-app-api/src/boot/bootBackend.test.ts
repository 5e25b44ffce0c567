// Tests of starts in which services that the engine itself uses are missing, broken or stuck.
import {
  coreServices,
  createBackendFeatureLoader,
  createServiceFactory,
  createServiceRef,
} from '@greenroom/backend-plugin-api';
import { createSpecializedBackend, startupReporterServiceRef } from '..';
import { failuresOf, plugin, provide, recordedLogger, resultOf } from '../scenarios/backendFixture';

const config = coreServices.rootConfig;

describe('a backend', () => {
  it('starts without any service', async () => {
    const backend = createSpecializedBackend({ defaultServiceFactories: [] });
    backend.add(plugin('p'));
    const { result } = await backend.start();
    expect(result.plugins).toMatchObject([{ pluginId: 'p', status: 'started' }]);
    expect(await backend.stop()).toMatchObject({ outcome: 'success', hooks: [] });
  });

  it('starts more plugins than begin in one turn, each once', async () => {
    const begun: number[] = [];
    const many = Array.from({ length: 201 }, (_, at) =>
      plugin(`p${at}`, { init: () => void begun.push(at) }),
    );
    const { plugins } = await resultOf(many);
    expect(begun).toEqual(many.map((_, at) => at));
    expect(plugins.every(({ status }) => status === 'started')).toBe(true);
  });
});

describe('a failure of a service that the engine uses', () => {
  const dependsOnConfig = (service: typeof coreServices.rootLogger | typeof startupReporterServiceRef) =>
    createServiceFactory({
      service: service as typeof coreServices.rootLogger,
      deps: { config },
      factory: () => {
        throw new Error('never reached');
      },
    });

  it.each([
    [
      'at once',
      () => {
        throw new Error('no file');
      },
    ],
    ['later', () => Promise.reject(new Error('no file'))],
  ])('is one problem of the backend, even if other services need it (%s)', async (_, factory) => {
    let ran = false;
    const result = await resultOf([
      provide(config, factory as () => never),
      dependsOnConfig(coreServices.rootLogger),
      dependsOnConfig(startupReporterServiceRef),
      plugin('p', { init: () => void (ran = true) }),
    ]);
    expect(failuresOf(result)).toEqual([
      ['GR_SERVICE_FAILED', expect.stringContaining("'core.rootConfig': no file")],
    ]);
    expect(result.plugins).toMatchObject([{ status: 'skipped' }]);
    expect(ran).toBe(false);
  });

  it('is a problem even if it happens only when the service is used, and services already made are stopped', async () => {
    const stopped: string[] = [];
    const made = createServiceFactory({
      service: createServiceRef<object>({ id: 'test.made', scope: 'root' }),
      deps: { lifecycle: coreServices.rootLifecycle },
      factory: ({ lifecycle }) => lifecycle.addShutdownHook(() => void stopped.push('made')) ?? {},
    });
    const loader = createBackendFeatureLoader({
      deps: { made: createServiceRef<object>({ id: 'test.made', scope: 'root' }) },
      loader: () => [],
    });
    const getOptional = () => {
      throw new Error('no secret');
    };
    const result = await resultOf([provide(config, () => ({ getOptional }) as never), made, loader]);
    expect(failuresOf(result)).toEqual([
      ['GR_SERVICE_FAILED', expect.stringContaining("'core.rootConfig': no secret")],
    ]);
    expect(stopped).toEqual(['made']);
  });

  it('is one problem each if they fail independently', async () => {
    const failing = (text: string) => () => {
      throw new Error(text);
    };
    const result = await resultOf([
      provide(coreServices.rootLogger, failing('no stream')),
      provide(startupReporterServiceRef, failing('no screen')),
    ]);
    expect(failuresOf(result).map(([, message]) => message)).toEqual([
      expect.stringContaining('no stream'),
      expect.stringContaining('no screen'),
    ]);
  });

  it('is one problem each even if both throw the same string or undefined', async () => {
    const failing = (thrown: unknown) => () => Promise.reject(thrown);
    for (const thrown of ['same', undefined]) {
      const result = await resultOf([
        'no feature' as never,
        provide(coreServices.rootConfig, failing(thrown)),
        provide(coreServices.rootLogger, failing(thrown)),
      ]);
      expect(failuresOf(result)).toEqual([
        ['GR_FEATURE_INVALID', expect.anything()],
        ['GR_SERVICE_FAILED', expect.stringContaining("'core.rootConfig'")],
        ['GR_SERVICE_FAILED', expect.stringContaining("'core.rootLogger'")],
      ]);
    }
  });

  it('that hangs is named at the deadline, and the next one is not even asked for', async () => {
    jest.useFakeTimers();
    let asked = false;
    const starting = resultOf(
      [
        provide(coreServices.rootLogger, () => new Promise<never>(() => {})),
        provide(startupReporterServiceRef, () => {
          asked = true;
          return new Promise<never>(() => {});
        }),
      ],
      { config: { backend: { startup: { default: { timeout: '10s' } } } } },
    );
    await jest.advanceTimersByTimeAsync(10_000);
    jest.useRealTimers();
    const result = await starting;
    expect(failuresOf(result).map(([code]) => code)).toEqual(['GR_START_TIMEOUT']);
    expect(failuresOf(result)[0]![1]).toContain("service 'core.rootLogger'");
    expect(asked).toBe(false);
  });
});

describe('eager root services that fail', () => {
  const root = (id: string) => createServiceRef<string>({ id, scope: 'root' });
  const [below, above, beside] = [root('test.below'), root('test.above'), root('test.beside')];
  const needing = (service: typeof below, needed: typeof below) =>
    createServiceFactory({ service, deps: { needed }, factory: () => '' });

  it.each([
    ['an error', new Error('no disk')],
    ['a string', 'no disk'],
  ])('for one cause are one problem, of the nearest to it (%s thrown)', async (_, thrown) => {
    const result = await resultOf([
      needing(above, below),
      provide(below, () => {
        throw thrown;
      }),
      needing(beside, above),
    ]);
    const [problem, ...others] = result.problems as Array<Error & { path?: string[] }>;
    expect(problem).toMatchObject({ path: ['the backend', "service 'test.below'"] });
    expect(others).toEqual([]);
  });

  it('with the same string, each on its own, are two problems', async () => {
    const failing = () => Promise.reject('no disk');
    const result = await resultOf([provide(below, failing), provide(above, failing)]);
    expect(result.problems).toHaveLength(2);
  });
});

describe('the root logger', () => {
  it('hears only of failures if there is no reporter', async () => {
    const { lines, factory } = recordedLogger();
    await resultOf([factory, plugin('p'), plugin('q')]);
    expect(lines).toEqual([]);
    await resultOf([factory, plugin('p', { init: () => Promise.reject(new Error('no disk')) })], {
      config: { backend: { startup: { default: { onPluginBootFailure: 'continue' } } } },
    });
    expect(lines).toEqual([expect.stringContaining("warn: Plugin 'p' failed in its init: no disk")]);
  });
});
