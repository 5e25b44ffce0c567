// For how long tokens between plugins are used, and what is still checked of those that were verified before.
import { generateKeyPairSync } from 'node:crypto';
import type { PublicKey } from './keys/PluginKeySource';
import { PluginTokens } from './PluginTokens';

const second = 1_000;
const keyOf = (keyId: string) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: keyId, alg: 'ES256' } as PublicKey;
  return { signing: { keyId, algorithm: 'ES256', privateKey }, jwk };
};
const first = keyOf('first');
const other = keyOf('second');

let signing = first.signing;
let published: PublicKey[];
let tokens: PluginTokens;

beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2030-01-01T00:00:00Z'), doNotFake: ['nextTick', 'setImmediate'] });
  signing = first.signing;
  published = [first.jwk, other.jwk];
  tokens = new PluginTokens({
    pluginId: 'callee',
    keys: { getSigningKey: async () => signing, listPublicKeys: async () => published },
    keySets: {
      ofPlugin: () => ({
        find: async (keyId: string) => published.find(({ kid }) => kid === keyId),
        prove() {},
      }),
    } as never,
    discovery: {} as never,
  });
});
afterEach(() => jest.useRealTimers());

const issue = async (limitedUserToken?: string) => {
  const onBehalfOf = limitedUserToken
    ? { limitedUserToken, expiresAt: new Date(Date.now() + 30 * second) }
    : undefined;
  return (await tokens.issueToken({ pluginId: 'caller', targetPluginId: 'callee', onBehalfOf })).token;
};

it('shows the same token for a minute, of one user and with one key', async () => {
  const token = await issue();
  jest.setSystemTime(Date.now() + 59 * second);
  expect(await issue()).toBe(token);
  expect(await issue('jo')).toBe(await issue('jo'));
  expect(await issue('jo')).not.toBe(await issue('mo'));
  jest.setSystemTime(Date.now() + 2 * second);
  const next = await issue();
  expect(next).not.toBe(token);
  signing = other.signing;
  const last = await issue();
  expect(last).not.toBe(next);
  // To a clock that was set back, a token from before is one of the future.
  jest.setSystemTime(Date.now() - 3600 * second);
  expect(await issue()).not.toBe(last);
});

it('refuses a token that it has verified before once that has expired or its key is gone', async () => {
  const caller = { subject: 'caller' };
  const token = await issue();
  const ofUser = await issue('jo');
  const verify = jest.spyOn(globalThis.crypto.subtle, 'verify');
  for (let times = 0; times < 3; times++) {
    expect(await tokens.verifyToken(token)).toEqual(caller);
    expect(await tokens.verifyToken(ofUser)).toEqual({ ...caller, limitedUserToken: 'jo' });
  }
  expect(verify).toHaveBeenCalledTimes(2);
  verify.mockRestore();
  jest.setSystemTime(Date.now() + 30 * second);
  await expect(tokens.verifyToken(ofUser)).rejects.toThrow('it expired');
  published = [other.jwk];
  await expect(tokens.verifyToken(token)).rejects.toThrow("its key 'first' is unknown to plugin 'caller'");
  published = [{ ...other.jwk, kid: 'first' }];
  await expect(tokens.verifyToken(token)).rejects.toThrow('its signature does not fit its key');
});
