// The published auth plugin with its guest provider: issues a token that another plugin accepts.
import assert from 'node:assert/strict';
import { guestToken, request } from '../lib/ask.mjs';
import { probe } from '../lib/probe.mjs';

export const auth = {
  id: 'auth',
  features: ['@backstage/plugin-auth-backend', '@backstage/plugin-auth-backend-module-guest-provider', probe],
  asked: "a guest's token is issued, accepted by another plugin and by userInfo; none is refused",
  config: () => ({ auth: { environment: 'development', providers: { guest: {} } } }),
  async ask(backend) {
    const who = await request(`${backend.api('probe')}/whoami`, { token: await guestToken(backend) });
    assert.equal(who.type, 'user');
    assert.equal(who.userEntityRef, 'user:development/guest');
    assert.deepEqual(who.ownershipEntityRefs, ['user:development/guest']);
    await request(`${backend.api('probe')}/whoami`, { expect: 401 });
  },
};
