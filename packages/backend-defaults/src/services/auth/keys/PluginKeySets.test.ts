// However many plugins the tokens of strangers name, neither memory nor requests are spent on them without a limit.
import type { DiscoveryService } from '@greenroom/backend-plugin-api';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { WebServer } from '../../../testing/WebServer';
import { PluginTokens } from '../PluginTokens';
import { PluginKeySets } from './PluginKeySets';

let server: WebServer;
let discovery: DiscoveryService;

beforeEach(async () => {
  // Only the clock is a fake one.
  jest.useFakeTimers({
    now: 1_000_000_000_000,
    doNotFake: [
      ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
      ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
    ],
  });
  server = await WebServer.start();
  const getUrl = async (pluginId: string) => `${server.url}/api/${pluginId}`;
  discovery = { getBaseUrl: getUrl, getExternalBaseUrl: getUrl };
  const keys = [{ kid: 'k', kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }];
  server.answers.set('/api/caller/.backstage/auth/v1/jwks.json', JSON.stringify({ keys }));
  server.answers.set('/api/auth/.well-known/jwks.json', JSON.stringify({ keys: [{ ...keys[0], kid: 'u' }] }));
});
afterEach(async () => {
  jest.useRealTimers();
  await server.stop();
});

it('keeps the keys of a plugin and those of users apart', async () => {
  const sets = new PluginKeySets();
  expect(await sets.ofPlugin('caller', discovery).find('k')).toMatchObject({ kid: 'k' });
  expect(await sets.ofPlugin('auth', discovery).find('u')).toBeUndefined();
  expect(await sets.ofUsers(discovery).find('u')).toMatchObject({ kid: 'u' });
  expect(await sets.ofUsers(discovery).find('k')).toBeUndefined();
  expect(sets.ofPlugin('caller', discovery)).toBe(sets.ofPlugin('caller', discovery));
});

it('fetches for strangers a thousand times at once, and then twenty times a second', async () => {
  const sets = new PluginKeySets();
  await sets.ofPlugin('caller', discovery).find('k');
  const ask = async (name: string, count: number) => {
    const outcomes: string[] = [];
    for (let index = 0; index < count; index++) {
      const looked = sets.ofPlugin(`${name}-${index}`, discovery).find('k');
      outcomes.push(await looked.then(String, (error: Error) => error.name));
    }
    return outcomes.filter(outcome => outcome === 'KeysUnavailable').length;
  };
  expect(await ask('stranger', 1_100)).toBe(101);
  expect(server.requests).toHaveLength(1_000);
  jest.setSystemTime(Date.now() + 1_000);
  expect(await ask('later', 50)).toBe(30);
  expect(server.requests).toHaveLength(1_020);
  expect(await sets.ofPlugin('caller', discovery).find('k')).toMatchObject({ kid: 'k' });
}, 60_000);

it('remembers two thousand plugins, and lets go of those first whose tokens it has never verified', async () => {
  const sets = new PluginKeySets();
  const first = sets.ofPlugin('stranger-0', discovery);
  const caller = sets.ofPlugin('caller', discovery);
  caller.prove();
  for (let index = 1; index < 1_999; index++) sets.ofPlugin(`stranger-${index}`, discovery);
  expect(sets.ofPlugin('stranger-0', discovery)).toBe(first);
  sets.ofPlugin('stranger-1999', discovery);
  expect(sets.ofPlugin('stranger-0', discovery)).not.toBe(first);
  for (let index = 2_000; index < 5_000; index++) sets.ofPlugin(`stranger-${index}`, discovery);
  expect(sets.ofPlugin('caller', discovery)).toBe(caller);
});

it('fetches new keys of users, and of plugins that it knows, while strangers ask as often as they can', async () => {
  const sets = new PluginKeySets();
  const caller = sets.ofPlugin('caller', discovery);
  await caller.find('k');
  caller.prove();
  for (let index = 0; index < 1_000; index++)
    await sets
      .ofPlugin(`s-${index}`, discovery)
      .find('k')
      .catch(() => {});
  const key = { kid: 'new', kty: 'EC', crv: 'P-256', x: 'x', y: 'y' };
  server.answers.set('/api/caller/.backstage/auth/v1/jwks.json', JSON.stringify({ keys: [key] }));
  expect(await caller.find('new')).toMatchObject({ kid: 'new' });
  expect(await sets.ofUsers(discovery).find('u')).toMatchObject({ kid: 'u' });
  await expect(sets.ofPlugin('stranger', discovery).find('k')).rejects.toMatchObject({
    name: 'KeysUnavailable',
  });
}, 60_000);

it('knows a plugin from strangers by a token that it has signed, and by none that only names it', async () => {
  const [own, other] = [1, 2].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  const key = { ...own!.publicKey.export({ format: 'jwk' }), kid: 'k' };
  server.answers.set('/api/caller/.backstage/auth/v1/jwks.json', JSON.stringify({ keys: [key] }));
  const keySets = new PluginKeySets();
  const tokensOf = (privateKey: KeyObject) =>
    new PluginTokens({
      pluginId: 'callee',
      keys: {
        getSigningKey: async () => ({ keyId: 'k', algorithm: 'ES256', privateKey }),
        listPublicKeys: async () => [],
      },
      keySets,
      discovery,
    });
  const callee = tokensOf(own!.privateKey);
  const call = { pluginId: 'caller', targetPluginId: 'callee' };
  const forged = await tokensOf(other!.privateKey).issueToken(call);
  await expect(callee.verifyToken(forged.token)).rejects.toThrow('its signature does not fit its key');
  expect(keySets.ofPlugin('caller', discovery).isProven).toBe(false);
  expect(await callee.verifyToken((await callee.issueToken(call)).token)).toEqual({ subject: 'caller' });
  expect(keySets.ofPlugin('caller', discovery).isProven).toBe(true);
});
