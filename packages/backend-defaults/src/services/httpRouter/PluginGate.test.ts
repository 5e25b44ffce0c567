// How long requests wait for their plugin, and what becomes of those that wait in vain.
import type { PluginStatus } from '@greenroom/backend-app-api';
import type { Request, Response } from 'express';
import { EventEmitter } from 'node:events';
import { PluginGate } from './PluginGate';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const pauseTimeout = 5_000;

/** A gate before a plugin whose state the test decides, and one request that has come to it. */
function makeGate(initial: PluginStatus | undefined) {
  let state = initial;
  let settle!: () => void;
  const settled = new Promise<void>(resolve => (settle = resolve));
  const status = { get: () => state, settled: () => settled };
  const gate = new PluginGate({ pluginId: 'a', status, pauseTimeout });
  const socket = { destroyed: false };
  const response = Object.assign(new EventEmitter(), { closed: false });
  const next = jest.fn();
  return {
    gate,
    next,
    ask: () => gate.pass({ socket } as Request, response as unknown as Response, next),
    async become(changed: PluginStatus) {
      state = changed;
      settle();
      await jest.advanceTimersByTimeAsync(0);
    },
    leave() {
      socket.destroyed = response.closed = true;
      response.emit('close');
    },
  };
}

it('lets a request on as soon as its plugin has started', async () => {
  const { gate, next, ask, become } = makeGate({ status: 'starting' });
  ask();
  await jest.advanceTimersByTimeAsync(pauseTimeout - 1);
  expect(next).not.toHaveBeenCalled();
  await become({ status: 'started' });
  expect(next.mock.calls).toEqual([[]]);
  expect(gate.open).toBe(true);
  await jest.advanceTimersByTimeAsync(pauseTimeout);
  expect(next).toHaveBeenCalledTimes(1);
});

it('lets a request on once, with an error, where its plugin takes too long', async () => {
  const { gate, next, ask, become } = makeGate({ status: 'starting' });
  ask();
  await jest.advanceTimersByTimeAsync(pauseTimeout);
  const message = "The plugin 'a' has not started within 5000 ms yet, try again later";
  expect(next.mock.calls).toEqual([[expect.objectContaining({ name: 'ServiceUnavailableError', message })]]);
  await become({ status: 'started' });
  expect(next).toHaveBeenCalledTimes(1);
  expect(gate.open).toBe(true);
});

it('forgets a request whose client has gone', async () => {
  const { next, ask, become, leave } = makeGate({ status: 'starting' });
  ask();
  leave();
  expect(jest.getTimerCount()).toBe(0);
  await become({ status: 'started' });
  expect(next).not.toHaveBeenCalled();
});

it.each<[PluginStatus | undefined, object | undefined]>([
  [{ status: 'started' }, undefined],
  [undefined, undefined],
  [{ status: 'stopping' }, { message: "The plugin 'a' is shutting down" }],
  [
    { status: 'failed', code: 'GR_X' },
    { message: "The plugin 'a' failed to start", code: 'GR_X' },
  ],
])('decides at once for the state %j', (state, error) => {
  const { next, ask } = makeGate(state);
  ask();
  const expected = error && expect.objectContaining({ name: 'ServiceUnavailableError', ...error });
  expect(next.mock.calls).toEqual([expected ? [expected] : []]);
});
