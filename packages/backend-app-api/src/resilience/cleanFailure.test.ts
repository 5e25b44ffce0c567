// Scenarios of a start that fails within a process that goes on: all that had started is stopped, and nothing is left behind.
import { coreServices, createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';
import { backendFixture, deferred, plugin, startedOrFailed } from '../scenarios/backendFixture';
import { runProgram } from './runProgram';

const { lifecycle, rootLifecycle } = coreServices;

describe('a start that fails', () => {
  it('stops everything that had started, in order, before it rejects', async () => {
    const order: string[] = [];
    const note = (step: string) => () => void order.push(step);
    const rootService = createServiceFactory({
      service: createServiceRef<object>({ id: 'test.root', scope: 'root' }),
      deps: { hooks: rootLifecycle },
      factory: ({ hooks }) => {
        hooks.addBeforeShutdownHook(note('root before'));
        hooks.addShutdownHook(note('root down'));
        return {};
      },
    });
    const aUp = deferred();
    const a = plugin('a', {
      deps: { hooks: lifecycle },
      init: ({ hooks }) => {
        hooks.addShutdownHook(note('a first'));
        hooks.addShutdownHook(note('a second'));
        hooks.addStartupHook(() => aUp.resolve());
      },
    });
    const b = plugin('b', {
      deps: { hooks: lifecycle },
      init: async ({ hooks }) => {
        hooks.addShutdownHook(note('b, although it failed'));
        await aUp.promise;
        throw new Error('no disk');
      },
    });
    const starting = backendFixture({ features: [rootService, a, b] }).start();
    await expect(starting.finally(note('rejected'))).rejects.toThrow('no disk');
    expect(order).toEqual([
      'root before',
      expect.any(String),
      expect.any(String),
      expect.any(String),
      'root down',
      'rejected',
    ]);
    expect(order.indexOf('a second')).toBeLessThan(order.indexOf('a first'));
    expect(order).toContain('b, although it failed');
  });

  it('tells every plugin that it is stopping, and answers stop() with the result of that', async () => {
    const seen = deferred();
    const backend = backendFixture({
      features: [
        plugin('a', {
          deps: { hooks: lifecycle },
          init: ({ hooks }) => hooks.addShutdownHook(() => seen.resolve()),
        }),
        plugin('b', { init: () => Promise.reject(new Error('no disk')) }),
      ],
    });
    await startedOrFailed(backend);
    await seen.promise;
    const result = await backend.stop();
    expect(result).toMatchObject({ outcome: 'success', hooks: [{ owner: 'a', outcome: 'done' }] });
    expect(await backend.stop()).toBe(result);
  });

  it('200 times in one process leaves no listener, no handle, no timer, no warning and no memory behind', async () => {
    const { code, lines } = await runProgram('leaks.ts', []);
    const { failures, before, after, heapGrowth, warnings } = JSON.parse(
      lines.at(-1)!.slice('result: '.length),
    );
    expect(failures).toBe(200);
    expect(after).toEqual(before);
    expect(warnings).toBe(0);
    // 240 backends; one that stayed would keep ten kilobytes or more.
    expect(heapGrowth).toBeLessThan(240 * 2_048);
    expect(code).toBe(0);
  });
});
