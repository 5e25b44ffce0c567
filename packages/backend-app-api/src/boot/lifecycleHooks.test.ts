// Tests of finding the hooks of lifecycle services, ours and others.
import { lifecycleHooksKey } from '@greenroom/backend-plugin-api/internal';
import { SpanRecorder } from '../report/SpanRecorder';
import { lifecycleHooksOf, runStartupHooks } from './lifecycleHooks';

describe('the hooks of a lifecycle service', () => {
  it('are its lists, which are closed from then on', () => {
    const entered: string[] = [];
    const [startup, shutdown] = [[{ run: () => {} }], [{ run: () => {} }]];
    const hooks = { startup, shutdown, beforeShutdown: [], enter: (phase: string) => entered.push(phase) };
    const service = { [lifecycleHooksKey]: hooks, startup: () => {} };
    expect(lifecycleHooksOf(service, 'startup')).toBe(startup);
    expect(lifecycleHooksOf(service, 'shutdown')).toBe(shutdown);
    expect(entered).toEqual(['startup', 'shutdown']);
  });

  it('are one for a service that runs its own, called as its method', async () => {
    class SelfRunning {
      readonly done: string[] = [];
      async shutdown() {
        this.done.push('shutdown');
      }
    }
    const service = new SelfRunning();
    const hooks = lifecycleHooksOf(service, 'shutdown');
    expect(service.done).toEqual([]);
    for (const hook of hooks) await hook.run();
    expect(service.done).toEqual(['shutdown']);
    expect(lifecycleHooksOf(service, 'startup')).toEqual([]);
  });

  it('are one that fails for a service that fails to tell them', async () => {
    const enter = () => {
      throw new Error('unknown phase');
    };
    const service = { [lifecycleHooksKey]: { startup: [], shutdown: [], beforeShutdown: [], enter } };
    const [hook, ...others] = lifecycleHooksOf(service, 'shutdown');
    await expect(hook!.run()).rejects.toThrow('unknown phase');
    expect(others).toEqual([]);
  });

  it('are none of a phase that an older copy of the contracts does not have', () => {
    const service = { [lifecycleHooksKey]: { startup: [], shutdown: [], enter: () => {} } };
    expect(lifecycleHooksOf(service, 'beforeShutdown')).toEqual([]);
  });

  it.each([undefined, null, 'text', {}, { shutdown: true }])('are none of %p', service => {
    expect(lifecycleHooksOf(service, 'shutdown')).toEqual([]);
  });
});

it('logs the failure of a startup hook with the logger that was added with it, and reports it', async () => {
  const logger = { error: jest.fn() };
  const run = () => Promise.reject(new Error('no space'));
  const startup = [{ run, logger }, { run: () => {}, logger }, { run: () => {} }];
  const service = { [lifecycleHooksKey]: { startup, shutdown: [], beforeShutdown: [], enter: () => {} } };
  const spans = new SpanRecorder();
  const running = runStartupHooks(service, { subject: "plugin 'a'" }, 'a', spans.whole, spans);
  await expect(running).rejects.toMatchObject({ code: 'GR_STARTUP_HOOK_FAILED' });
  const told = await running.catch((error: Error) => error.message);
  expect(logger.error.mock.calls).toEqual([[told]]);
});
