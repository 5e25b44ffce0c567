// The published signals plugin: accepts a WebSocket with a token as protocol, and delivers what a plugin publishes.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { guestToken, request } from '../lib/ask.mjs';
import { auth } from './auth.mjs';

export const signals = {
  id: 'signals',
  features: ['@backstage/plugin-signals-backend', ...auth.features],
  asked:
    "a guest's WebSocket, opened with the token as protocol, receives what another plugin publishes; nobody gets one",
  config: auth.config,
  async ask(backend) {
    const url = backend.api('signals').replace('http', 'ws');
    const refused = new WebSocket(url);
    const [, answer] = await once(refused, 'unexpected-response');
    assert.equal(answer.statusCode, 401);
    refused.on('error', () => {}).terminate();

    const token = await guestToken(backend);
    const client = new WebSocket(url, [token]);
    await once(client, 'open');
    try {
      client.send(JSON.stringify({ action: 'subscribe', channel: 'interop' }));
      await waitForPong(client);
      const received = once(client, 'message');
      await request(`${backend.api('probe')}/signal`, { token });
      const [data] = await received;
      assert.deepEqual(JSON.parse(data), { channel: 'interop', message: { ship: 'passes' } });
    } finally {
      client.terminate();
    }
  },
};

/** By then, everything sent before has been read. */
async function waitForPong(client) {
  client.ping();
  await once(client, 'pong');
}
