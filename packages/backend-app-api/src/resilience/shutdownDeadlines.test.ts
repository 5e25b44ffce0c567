// Deadlines of a stop: no hook outlives its deadline, and the result names the slow one.
import { coreServices, createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';
import { backendFixture, plugin, recordedLogger } from '../scenarios/backendFixture';
import { recordedReporter } from './recordedReporter';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

type Hook = () => void | Promise<void>;
const stuck: Hook = () => new Promise(() => {});
const after =
  (ms: number): Hook =>
  () =>
    new Promise(resolve => setTimeout(resolve, ms));

const withHooks = (id: string, ...hooks: Hook[]) =>
  plugin(id, {
    deps: { lifecycle: coreServices.lifecycle },
    init: ({ lifecycle }) => hooks.forEach(hook => lifecycle.addShutdownHook(hook)),
  });
const rootHooks = (before: Hook, shutdown: Hook) =>
  createServiceFactory({
    service: createServiceRef<object>({ id: 'test.root', scope: 'root' }),
    deps: { lifecycle: coreServices.rootLifecycle },
    factory: ({ lifecycle }) => {
      lifecycle.addBeforeShutdownHook(before);
      lifecycle.addShutdownHook(shutdown);
      return {};
    },
  });

/** Starts a backend and stops it; time goes on until the stop is over. */
async function stopped(options: Parameters<typeof backendFixture>[0]) {
  const backend = backendFixture(options);
  await backend.start();
  const stopping = backend.stop();
  let isOver = false;
  void stopping.finally(() => (isOver = true));
  for (let ms = 0; !isOver && ms < 100_000; ms += 10) await jest.advanceTimersByTimeAsync(10);
  const result = await stopping;
  const outcomes = result.hooks.map(({ owner, index, outcome }) => `${owner} ${index} ${outcome}`);
  return { backend, result, outcomes };
}
const lifecycle = (limits: object) => ({ backend: { lifecycle: limits as {} } });

describe('a stop', () => {
  it('gives up a stuck hook at its deadline, runs the others, and names it', async () => {
    const reporter = recordedReporter();
    const { result, outcomes } = await stopped({
      features: [reporter.factory, withHooks('p', after(1), stuck, after(50))],
      config: lifecycle({ shutdownHookTimeout: { seconds: 2 } }),
    });
    expect(outcomes).toEqual(['p 2 done', 'p 1 timed out', 'p 0 done']);
    expect(result.outcome).toBe('failure');
    expect(result.hooks[1]).toMatchObject({
      phase: 'shutdown',
      durationMs: 2_000,
      error: { code: 'GR_SHUTDOWN_HOOK_TIMEOUT', fields: { subject: "plugin 'p'", timeoutMs: 2_000 } },
    });
    expect(result.hooks[0]!.durationMs).toBe(50);
    expect(reporter.shutdowns).toEqual([result]);
  });

  it('ends at the deadline of the whole, however many hooks are stuck; each has still been begun', async () => {
    const begun: string[] = [];
    const stuckAs = (name: string) => () => {
      begun.push(name);
      return stuck();
    };
    const { result } = await stopped({
      features: [
        rootHooks(stuckAs('before'), () => void begun.push('root')),
        withHooks('p', stuckAs('p 0'), stuckAs('p 1')),
        withHooks('q', stuckAs('q 0')),
      ],
      config: lifecycle({ shutdownTimeout: '3s', shutdownHookTimeout: '2s' }),
    });
    expect(begun).toEqual(['before', 'p 1', 'q 0', 'p 0', 'root']);
    expect(result.durationMs).toBeGreaterThanOrEqual(3_000);
    expect(result.durationMs).toBeLessThan(3_050);
    expect(result.hooks.map(({ outcome }) => outcome)).toEqual([...Array(4).fill('timed out'), 'done']);
  });

  it('takes at most 15 s for a hook and 30 s in all by default', async () => {
    const { result } = await stopped({ features: [withHooks('p', stuck, stuck, stuck)] });
    expect(result.hooks.map(({ durationMs }) => Math.round(durationMs / 100) / 10)).toEqual([15, 15, 0]);
  });

  it('lets a before-shutdown hook wait for the delay that is configured, on top of the deadline for all', async () => {
    const { result, outcomes } = await stopped({
      features: [rootHooks(after(45_000), after(4_000))],
      config: lifecycle({ serverShutdownDelay: { seconds: 20 } }),
    });
    expect(outcomes).toEqual(['root 0 done', 'root 0 done']);
    expect(result.outcome).toBe('success');
  });

  it('logs hooks that fail or are stuck, if there is no reporter', async () => {
    const logger = recordedLogger();
    const failing = () => Promise.reject(new Error('valve is stuck'));
    await stopped({
      features: [logger.factory, withHooks('p', failing, stuck)],
      config: lifecycle({ shutdownHookTimeout: 100 }),
    });
    expect(logger.lines).toEqual([
      expect.stringMatching(/^error: A shutdown hook of plugin 'p' was given up after 100 ms/),
      expect.stringMatching(/^error: A shutdown hook of plugin 'p' failed: valve is stuck/),
    ]);
  });

  it('is not disturbed by a reporter that fails, nor is the start', async () => {
    const logger = recordedLogger();
    const reporter = recordedReporter();
    const broken = () => {
      throw new Error('no terminal');
    };
    const features = [logger.factory, reporter.factory, withHooks('p')];
    const backend = backendFixture({ features });
    Object.assign(reporter.results, { push: broken });
    Object.assign(reporter.shutdowns, { push: broken });
    Object.assign(reporter.events, { push: broken });
    await expect(backend.start()).resolves.toMatchObject({ result: { outcome: 'success' } });
    await expect(backend.stop()).resolves.toMatchObject({ outcome: 'success' });
    expect(logger.lines).toHaveLength(3);
    expect(new Set(logger.lines)).toEqual(new Set(['error: The startup reporter failed: no terminal']));
  });

  it('of a failed start has the same deadlines', async () => {
    const backend = backendFixture({
      features: [
        withHooks('p', stuck),
        plugin('q', {
          init: () => {
            throw new Error('no');
          },
        }),
      ],
      config: lifecycle({ shutdownTimeout: 500 }),
    });
    const failure = backend.start().catch((error: Error) => error);
    await jest.advanceTimersByTimeAsync(500);
    expect(await failure).toMatchObject({ code: 'GR_STARTUP_FAILED' });
    expect(await backend.stop()).toMatchObject({ outcome: 'failure', hooks: [{ outcome: 'timed out' }] });
  });
});
