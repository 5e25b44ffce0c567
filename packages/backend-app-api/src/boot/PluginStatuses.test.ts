// Tests of the states of plugins, as the services that ask for them see them.
import { PluginStatuses } from './PluginStatuses';

/** Whether a promise is settled once the microtasks are done. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise(resolve => setImmediate(resolve));
  return settled;
}

describe('the states of plugins', () => {
  it('are known from the first one on, with the code of a failure', () => {
    const statuses = new PluginStatuses();
    expect(statuses.get('p')).toBeUndefined();
    statuses.set('p', 'starting');
    expect(statuses.get('p')).toEqual({ status: 'starting' });
    statuses.set('p', 'failed', 'GR_INIT_FAILED');
    expect(statuses.get('p')).toMatchObject({ status: 'failed', code: 'GR_INIT_FAILED' });
    statuses.set('p', 'started');
    expect(statuses.get('p')).toMatchObject({ status: 'started', code: undefined });
  });

  it.each(['started', 'failed', 'stopping'] as const)('are settled once a plugin is %s', async state => {
    const statuses = new PluginStatuses();
    statuses.set('p', 'starting');
    const [one, two] = [statuses.settled('p'), statuses.settled('p')];
    statuses.set('p', 'starting');
    statuses.set('other', 'started');
    expect(await isSettled(one)).toBe(false);
    statuses.set('p', state);
    expect(await Promise.all([one, two].map(isSettled))).toEqual([true, true]);
    expect(await isSettled(statuses.settled('p'))).toBe(true);
  });

  it('are settled at once for a plugin that nobody knows', async () => {
    expect(await isSettled(new PluginStatuses().settled('p'))).toBe(true);
  });

  it('are awaited anew where a plugin is tried again', async () => {
    const statuses = new PluginStatuses();
    statuses.set('p', 'starting');
    const first = statuses.settled('p');
    statuses.set('p', 'failed');
    await first;
    statuses.set('p', 'starting');
    expect(await isSettled(statuses.settled('p'))).toBe(false);
  });

  it('turn to stopping, other than of plugins that failed', () => {
    const statuses = new PluginStatuses();
    statuses.set('up', 'started');
    statuses.set('on its way', 'starting');
    statuses.set('down', 'failed', 'GR_INIT_FAILED');
    statuses.stopping();
    expect(statuses.get('up')?.status).toBe('stopping');
    expect(statuses.get('on its way')?.status).toBe('stopping');
    expect(statuses.get('down')).toMatchObject({ status: 'failed', code: 'GR_INIT_FAILED' });
  });
});
