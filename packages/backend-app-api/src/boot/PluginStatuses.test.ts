// Tests of plugin statuses, as the services that ask for them see them.
import { EngineError } from '../errors';
import { Part } from './Part';
import { PluginStatuses } from './PluginStatuses';
import { StartupReport } from './StartupReport';

/** Whether a promise is settled once the microtasks are done. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise(resolve => setImmediate(resolve));
  return settled;
}

function attempt(pluginId: string): Part {
  const feature = {
    $$type: '@backstage/BackendFeature' as const,
    version: 'v1' as const,
    featureType: 'registrations' as const,
    getRegistrations: () => [],
  };
  return new Part(pluginId, undefined, { feature, source: 'a test' });
}

function fail(plugin: Part): void {
  const error = new EngineError('GR_INIT_FAILED', { subject: plugin.subject, reason: 'no disk' });
  new StartupReport().fail(plugin, error, false);
}

/** The states of these plugins, all of them starting. */
function statusesOf(...plugins: Part[]): PluginStatuses {
  const statuses = new PluginStatuses();
  statuses.plan(new Map(plugins.map(plugin => [plugin.pluginId, plugin])));
  return statuses;
}

describe('the states of plugins', () => {
  it('are known from the first one on, with the code of a failure', () => {
    const p = attempt('p');
    const statuses = statusesOf(p);
    expect(statuses.get('p')).toEqual({ status: 'starting' });
    expect(statuses.get('q')).toBeUndefined();
    fail(p);
    expect(statuses.get('p')).toEqual({ status: 'failed', code: 'GR_INIT_FAILED' });
  });

  it('tell whether a plugin that failed is tried again', () => {
    const [first, second] = [attempt('p'), attempt('p')];
    const statuses = statusesOf(first);
    fail(first);
    statuses.closed(first);
    statuses.retrying('p', true);
    const failed = { status: 'failed', code: 'GR_INIT_FAILED' };
    expect(statuses.get('p')).toEqual({ ...failed, retried: true });
    second.status = 'started';
    statuses.closed(second);
    expect(statuses.get('p')).toEqual({ status: 'started' });
    statuses.retrying('p', false);
    fail(second);
    expect(statuses.get('p')).toEqual(failed);
  });

  it('are those of the last attempt that is over', () => {
    const [first, second] = [attempt('p'), attempt('p')];
    const statuses = statusesOf(first);
    fail(first);
    statuses.closed(first);
    second.status = 'started';
    expect(statuses.get('p')).toEqual({ status: 'failed', code: 'GR_INIT_FAILED' });
    statuses.closed(second);
    expect(statuses.get('p')).toEqual({ status: 'started' });
  });

  it.each(['started', 'failed', 'stopping'] as const)('are settled once a plugin is %s', async state => {
    const p = attempt('p');
    const other = attempt('other');
    const statuses = statusesOf(p, other);
    const [one, two] = [statuses.settled('p'), statuses.settled('p')];
    other.status = 'started';
    statuses.closed(other);
    expect(await isSettled(one)).toBe(false);
    if (state === 'started') p.status = state;
    if (state === 'failed') fail(p);
    if (state === 'stopping') statuses.stopping();
    else statuses.closed(p);
    expect(await Promise.all([one, two].map(isSettled))).toEqual([true, true]);
    expect(await isSettled(statuses.settled('p'))).toBe(true);
  });

  it('are settled at once for a plugin that nobody knows', async () => {
    expect(await isSettled(statusesOf().settled('p'))).toBe(true);
  });

  it('are those of a start before it is known which plugins there are', async () => {
    const statuses = new PluginStatuses();
    expect(statuses.get('p')).toEqual({ status: 'starting' });
    const [planned, unknown] = [statuses.settled('p'), statuses.settled('q')];
    expect(await isSettled(unknown)).toBe(false);
    const p = attempt('p');
    statuses.plan(new Map([['p', p]]));
    expect(await Promise.all([planned, unknown].map(isSettled))).toEqual([false, true]);
    expect(statuses.get('q')).toBeUndefined();
    p.status = 'started';
    statuses.closed(p);
    expect(await isSettled(planned)).toBe(true);
  });

  it('turn to stopping, other than of plugins that failed', () => {
    const [up, onItsWay, down] = [attempt('up'), attempt('on-its-way'), attempt('down')];
    const statuses = statusesOf(up, onItsWay, down);
    up.status = 'started';
    fail(down);
    statuses.stopping();
    expect(statuses.get('up')).toEqual({ status: 'stopping' });
    expect(statuses.get('on-its-way')).toEqual({ status: 'stopping' });
    expect(statuses.get('down')).toEqual({ status: 'failed', code: 'GR_INIT_FAILED' });
  });
});
