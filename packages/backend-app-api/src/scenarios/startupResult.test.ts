// What start() returns, with and without callbacks, and what its result and its error contain.
import { coreServices, createServiceRef } from '@greenroom/backend-plugin-api';
import { BackendStartupError, type BackendStartupResult } from '..';
import {
  backendFixture,
  entryOf,
  plugin,
  pluginModule,
  provide,
  recordedLogger,
  resultOf,
} from './backendFixture';

const failing = plugin('failing', {
  init: () => Promise.reject(new TypeError('no such table', { cause: new Error('disk is full') })),
});

describe('the result of a start', () => {
  it('has exactly one entry for each plugin and module, in the order in which they were added', async () => {
    const result = await resultOf([
      pluginModule('b', 'two'),
      plugin('a'),
      pluginModule('gone', 'm'),
      plugin('b'),
      pluginModule('b', 'one'),
    ]);
    const shape = Object.fromEntries(
      result.plugins.map(({ pluginId, modules }) => [pluginId, modules.map(({ moduleId }) => moduleId)]),
    );
    expect(shape).toEqual({ a: [], b: ['two', 'one'], gone: ['m'] });
    expect(result.plugins).toHaveLength(3);
  });

  it('has them even if nothing was started', async () => {
    const result = await resultOf([plugin('p'), plugin('p'), plugin('q'), pluginModule('q', 'm')]);
    expect(entryOf(result, 'p').status).toBe('failed');
    expect(entryOf(result, 'q')).toMatchObject({ status: 'skipped' });
    expect(entryOf(result, 'q', 'm')).toMatchObject({ status: 'skipped' });
    expect(entryOf(result, 'q').failure).toBeUndefined();
  });

  it('says when each of them began and ended, within its plugin and within the start', async () => {
    const serviceRef = createServiceRef<string>({ id: 'test.service' });
    const result = await resultOf([
      provide(serviceRef, async () => 'made'),
      plugin('p', { deps: { serviceRef } }),
      pluginModule('p', 'm', { init: async () => {} }),
      failing,
    ]);
    const entries = result.plugins.flatMap(entry => [entry, ...entry.modules]);
    expect(entries).toHaveLength(3);
    for (const { beginAt, resultAt, durationMs } of [...entries, result]) {
      expect(beginAt).toBeInstanceOf(Date);
      expect(resultAt).toBeInstanceOf(Date);
      expect(durationMs).toBeGreaterThanOrEqual(0);
      expect(+beginAt).toBeGreaterThanOrEqual(+result.beginAt);
      expect(+resultAt).toBeLessThanOrEqual(+result.resultAt);
      // Dates are whole milliseconds.
      expect(Math.abs(+resultAt - +beginAt - durationMs)).toBeLessThanOrEqual(1);
    }
    const [p, m] = [entryOf(result, 'p'), entryOf(result, 'p', 'm')];
    expect(m.durationMs).toBeLessThanOrEqual(p.durationMs);
    expect(p.durationMs).toBeLessThanOrEqual(result.durationMs);
  });

  it('has a span for every step, each within its parent', async () => {
    const serviceRef = createServiceRef<string>({ id: 'test.service' });
    const broughtRef = createServiceRef<string>({
      id: 'test.brought',
      defaultFactory: async service => provide(service, () => 'brought'),
    });
    const { spans } = await resultOf([
      provide(serviceRef, () => 'made'),
      Promise.resolve({ default: plugin('p', { deps: { serviceRef, broughtRef } }) }),
      pluginModule('p', 'm', {
        deps: { lifecycle: coreServices.lifecycle },
        init: ({ lifecycle }) => lifecycle.addStartupHook(() => {}),
      }),
    ]);
    const named = spans.map(({ kind, name, owner }) => `${kind} ${name} of ${owner}`);
    expect(named).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^collect /),
        expect.stringMatching(/^import \S+backendFixture\.ts:\d+:\d+ of root$/),
        'defaultFactory test.brought of root',
        'register register of root',
        'plugin p of p',
        'module m of p',
        'service test.service of p',
        'init p of p',
        'hook startup hook 1 of p',
      ]),
    );
    expect(new Set(spans.map(({ id }) => id)).size).toBe(spans.length);
    for (const span of spans) {
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      const parent = spans.find(({ id }) => id === span.parent);
      if (!parent) continue;
      expect(span.start).toBeGreaterThanOrEqual(parent.start);
      expect(span.end).toBeLessThanOrEqual(parent.end!);
    }
    expect(spans.filter(({ parent }) => parent === undefined)).toHaveLength(1);
  });

  it('survives JSON.stringify: errors come out with name, code, message, path and cause', async () => {
    const brokenRef = createServiceRef<string>({ id: 'test.broken' });
    const broken = provide(brokenRef, () => Promise.reject(new Error('no network')));
    const result = await resultOf([failing, plugin('p'), broken, plugin('q', { deps: { brokenRef } })]);
    const plain: BackendStartupResult = JSON.parse(JSON.stringify(result));
    expect(plain).toMatchObject({
      outcome: 'failure',
      beginAt: result.beginAt.toISOString(),
      resultAt: result.resultAt.toISOString(),
      durationMs: result.durationMs,
      problems: [],
    });
    expect(plain.plugins[0]).toMatchObject({
      pluginId: 'failing',
      status: 'failed',
      modules: [],
      failure: {
        allowed: false,
        error: {
          name: 'InitFailedError',
          code: 'GR_INIT_FAILED',
          message: expect.stringContaining('no such table'),
          cause: { name: 'TypeError', message: 'no such table', cause: { message: 'disk is full' } },
        },
      },
    });
    expect(plain.plugins[1]).toMatchObject({ pluginId: 'p', status: 'started' });
    expect(plain.plugins[1]).not.toHaveProperty('failure');
    expect(plain.plugins[2]!.failure!.error).toMatchObject({
      name: 'ServiceFailedError',
      path: ["plugin 'q'", "service 'test.broken'"],
    });
    expect(plain.spans).toHaveLength(result.spans.length);
    expect(plain.criticalPath).toEqual(result.criticalPath);
  });
});

describe('BackendStartupError', () => {
  const errorOf = (...features: Parameters<typeof resultOf>[0]): Promise<BackendStartupError> =>
    backendFixture({ features })
      .start()
      .then(
        () => Promise.reject(new Error('It started')),
        error => error,
      );

  it('has its name, its code and the result', async () => {
    const error = await errorOf(failing);
    expect(error).toBeInstanceOf(BackendStartupError);
    expect(error).toMatchObject({ name: 'BackendStartupError', code: 'GR_STARTUP_FAILED' });
    expect(error.result.outcome).toBe('failure');
    expect(error.cause).toBe(entryOf(error.result, 'failing').failure!.error);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      name: 'BackendStartupError',
      result: { plugins: [{ pluginId: 'failing' }] },
    });
  });

  it('lists every failure in its message, each once', async () => {
    const other = plugin('other', { init: () => Promise.reject(new Error('no network')) });
    const module = pluginModule('p', 'm', { init: () => Promise.reject(new Error('bad key')) });
    const { message } = await errorOf(failing, other, plugin('p'), module, plugin('fine'));
    expect(message).toContain('for 3 reasons');
    for (const reason of ['no such table', 'no network', 'bad key'])
      expect(message.split(reason)).toHaveLength(2);
    expect(message).not.toContain('fine');
  });

  it('does not list failures that are allowed', async () => {
    const config = { backend: { startup: { plugins: { failing: { onPluginBootFailure: 'continue' } } } } };
    const other = plugin('other', { init: () => Promise.reject(new Error('no network')) });
    await expect(backendFixture({ config, features: [failing, other] }).start()).rejects.toThrow(
      /^Plugin 'other' failed in its init: no network \((?!.*no such table)/,
    );
  });
});

describe('the root logger', () => {
  it('gets one message for a failed start, with every failure', async () => {
    const { lines, factory } = recordedLogger();
    const other = plugin('other', { init: () => Promise.reject(new Error('no network')) });
    await resultOf([factory, failing, other]);
    const errors = lines.filter(line => line.startsWith('error: '));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/no such table[^]*no network/);
  });
});

describe('start(onSuccess, onFailure)', () => {
  const recorded = () => {
    const calls: unknown[][] = [];
    const onSuccess = (...args: unknown[]) => void calls.push(['success', ...args]);
    const onFailure = (...args: unknown[]) => void calls.push(['failure', ...args]);
    return { calls, onSuccess, onFailure };
  };

  it('calls onSuccess, once, with what the promise resolves with', async () => {
    const { calls, onSuccess, onFailure } = recorded();
    const started = await backendFixture({ features: [plugin('p')] }).start(onSuccess, onFailure);
    expect(started.result.outcome).toBe('success');
    expect(calls).toEqual([['success', started]]);
  });

  it.each([true, false])(
    'hands a failure to onFailure, once, and resolves (onSuccess given: %s)',
    async both => {
      const { calls, onSuccess, onFailure } = recorded();
      const given = both ? onSuccess : undefined;
      const { result } = await backendFixture({ features: [failing] }).start(given, onFailure);
      expect(result.outcome).toBe('failure');
      expect(calls).toEqual([['failure', expect.any(BackendStartupError)]]);
      expect((calls[0]![1] as BackendStartupError).result).toBe(result);
    },
  );

  it('rejects for a failure if only onSuccess was given', async () => {
    const { calls, onSuccess } = recorded();
    await expect(backendFixture({ features: [failing] }).start(onSuccess)).rejects.toThrow(
      BackendStartupError,
    );
    expect(calls).toEqual([]);
  });

  it('rejects with an error that onSuccess throws, without calling onFailure', async () => {
    const { calls, onFailure } = recorded();
    const starting = backendFixture({ features: [plugin('p')] }).start(() => {
      throw new Error('mine');
    }, onFailure);
    await expect(starting).rejects.toThrow('mine');
    expect(calls).toEqual([]);
  });
});
