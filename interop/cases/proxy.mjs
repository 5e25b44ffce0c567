// The published proxy: forwards requests with the configured additions.
import assert from 'node:assert/strict';
import { request } from '../lib/ask.mjs';
import { callerToken } from '../lib/launch.mjs';

export const proxy = {
  id: 'proxy',
  features: ['@backstage/plugin-proxy-backend'],
  asked: 'a request is forwarded with path, query, body and a header of the configuration; nobody is refused',
  config: ({ echoUrl }) => ({
    proxy: { endpoints: { '/echo': { target: echoUrl, headers: { 'x-added': 'by the configuration' } } } },
  }),
  async ask(backend) {
    const url = `${backend.api('proxy')}/echo/far/away?ship=1`;
    const body = { ship: 'passes' };
    const echo = await request(url, { token: callerToken, body, method: 'PUT' });
    assert.equal(echo.method, 'PUT');
    assert.equal(echo.url, '/far/away?ship=1');
    assert.equal(echo.headers['x-added'], 'by the configuration');
    assert.equal(echo.headers.authorization, undefined);
    assert.deepEqual(JSON.parse(echo.body), body);
    await request(url, { expect: 401 });
  },
};
