// The published permission plugin with the policy that allows everything: decides permissions.
import assert from 'node:assert/strict';
import { guestToken, request } from '../lib/ask.mjs';
import { auth } from './auth.mjs';

export const permission = {
  id: 'permission',
  features: [
    ...auth.features,
    '@backstage/plugin-permission-backend',
    '@backstage/plugin-permission-backend-module-allow-all-policy',
  ],
  asked: 'a permission is decided for a user, over HTTP and for another plugin; nobody gets no decision',
  config: () => ({ ...auth.config(), permission: { enabled: true } }),
  async ask(backend) {
    const token = await guestToken(backend);
    const url = `${backend.api('permission')}/authorize`;
    const asked = { type: 'basic', name: 'interop.look', attributes: { action: 'read' } };
    const body = { items: [{ id: '1', permission: asked }] };
    const { items } = await request(url, { token, body });
    assert.deepEqual(items, [{ id: '1', result: 'ALLOW' }]);
    assert.equal((await request(`${backend.api('probe')}/decision`, { token })).result, 'ALLOW');
    await request(url, { body, expect: 401 });
  },
};
