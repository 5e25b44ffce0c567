// Hooks are kept in order, and refused when their phase has begun.
import { lifecycleHooksKey } from '@greenroom/backend-plugin-api/internal';
import { RootLifecycle } from '../rootLifecycle/RootLifecycle';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { Lifecycle } from './Lifecycle';

it('hands over its hooks in the order in which they were added', () => {
  const lifecycle = new Lifecycle("plugin 'a'");
  const logger = new MemoryLogger();
  const [first, second, third] = [() => {}, () => {}, () => {}];
  lifecycle.addStartupHook(first);
  lifecycle.addShutdownHook(second, { logger });
  lifecycle.addShutdownHook(third);
  const hooks = lifecycle[lifecycleHooksKey];
  expect(hooks.startup).toEqual([{ run: first }]);
  expect(hooks.shutdown).toEqual([{ run: second, logger }, { run: third }]);
  expect(hooks.beforeShutdown).toEqual([]);
});

it('refuses a hook whose phase has begun, and names phase and owner', () => {
  const lifecycle = new Lifecycle("plugin 'a'");
  lifecycle[lifecycleHooksKey].enter('startup');
  lifecycle.addShutdownHook(() => {});
  expect(() => lifecycle.addStartupHook(() => {})).toThrow(
    expect.objectContaining({
      code: 'GR_LIFECYCLE_PHASE',
      message: expect.stringMatching(
        /^A startup hook of plugin 'a' was added after the startup phase had begun/,
      ),
    }),
  );
  const root = new RootLifecycle();
  root[lifecycleHooksKey].enter('beforeShutdown');
  expect(() => root.addBeforeShutdownHook(() => {})).toThrow(/A before-shutdown hook of the backend/);
});

describe('the phase of a backend', () => {
  it('is started when the last startup hook has succeeded, whichever that is', async () => {
    const lifecycle = new RootLifecycle();
    let finish!: () => void;
    lifecycle.addStartupHook(() => new Promise<void>(resolve => (finish = resolve)));
    lifecycle.addStartupHook(() => {});
    const hooks = lifecycle[lifecycleHooksKey];
    hooks.enter('startup');
    const running = hooks.startup.map(hook => hook.run());
    expect(lifecycle.phase).toBe('starting');
    finish();
    await Promise.all(running);
    expect(lifecycle.phase).toBe('started');
  });

  it('is started at once without startup hooks, and never when one fails', async () => {
    const empty = new RootLifecycle();
    empty.addBeforeShutdownHook(() => {});
    empty.addShutdownHook(() => {});
    expect(empty.phase).toBe('starting');
    empty[lifecycleHooksKey].enter('startup');
    expect(empty.phase).toBe('started');

    const failing = new RootLifecycle();
    failing.addStartupHook(async () => {
      throw new Error('no');
    });
    const hooks = failing[lifecycleHooksKey];
    hooks.enter('startup');
    await expect(hooks.startup[0]!.run()).rejects.toThrow('no');
    expect(failing.phase).toBe('starting');
  });

  it('is stopping from the beginning of a shutdown on, even one that comes during the start', async () => {
    const lifecycle = new RootLifecycle();
    lifecycle.addStartupHook(() => {});
    const hooks = lifecycle[lifecycleHooksKey];
    hooks.enter('startup');
    hooks.enter('beforeShutdown');
    expect(lifecycle.phase).toBe('stopping');
    await hooks.startup[0]!.run();
    expect(lifecycle.phase).toBe('stopping');
  });
});
