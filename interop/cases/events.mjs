// The published events plugin: delivers posted events to a subscriber.
import assert from 'node:assert/strict';
import { eventually, request } from '../lib/ask.mjs';
import { probe } from '../lib/probe.mjs';
import { callerToken } from '../lib/launch.mjs';

export const events = {
  id: 'events',
  features: ['@backstage/plugin-events-backend', probe],
  asked: 'an event that is posted arrives at a subscriber in another plugin; an unknown topic is not found',
  config: () => ({ events: { http: { topics: ['interop'] } } }),
  async ask(backend) {
    await request(`${backend.api('events')}/http/interop`, { body: { ship: 'passes' }, expect: 202 });
    const received = await eventually(
      'the event',
      () => request(`${backend.api('probe')}/events`, { token: callerToken }),
      ({ length }) => length > 0,
    );
    assert.deepEqual(received, [{ ship: 'passes' }]);
    await request(`${backend.api('events')}/http/other`, { body: {}, token: callerToken, expect: 404 });
  },
};
