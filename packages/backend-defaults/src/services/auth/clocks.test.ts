// Tokens of issuers whose clocks are ahead of the clock of whoever verifies, or behind it.
import { ConfigReader } from '@backstage/config';
import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { legacyAccess } from './externalAccess/legacyAccess';
import type { PublicKey } from './keys/PluginKeySource';
import { PluginTokens } from './PluginTokens';
import { toRejection } from './TokenRejection';
import { describeToken, readUnverifiedToken } from './UnverifiedToken';
import { UserTokens } from './UserTokens';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES256' } as PublicKey;
const set = { find: async () => jwk, prove() {} };
const keySets = { ofPlugin: () => set, ofUsers: () => set } as never;
const discovery = {} as never;
const here = Date.parse('2030-01-01T12:00:00Z');
const now = here / 1_000;
const [minute, hour, day] = [60, 3_600, 86_400];

beforeEach(() => void jest.useFakeTimers({ now: here, doNotFake: ['nextTick', 'setImmediate'] }));
afterEach(() => jest.useRealTimers());

describe('a plugin whose clock', () => {
  const ofPlugin = () =>
    new PluginTokens({
      pluginId: 'callee',
      keys: {
        getSigningKey: async () => ({ keyId: 'k', algorithm: 'ES256', privateKey }),
        listPublicKeys: async () => [jwk],
      },
      keySets,
      discovery,
    });

  /** @param offset - how many seconds the clock of the caller is ahead of the one here */
  async function call(offset: number) {
    jest.setSystemTime(here + offset * 1_000);
    const { token } = await ofPlugin().issueToken({ pluginId: 'caller', targetPluginId: 'callee' });
    jest.setSystemTime(here);
    return ofPlugin().verifyToken(token);
  }

  it.each([-10, 10, -5 * minute, 5 * minute, -hour + 1, day])('is %d s ahead gets in', async offset => {
    expect(await call(offset)).toEqual({ subject: 'caller' });
  });

  it.each([-hour, -day])('is %d s ahead does not, and the log names both clocks', async offset => {
    const expired = new Date(here + (offset + hour) * 1_000).toISOString();
    await expect(call(offset)).rejects.toThrow(
      `it expired at ${expired} by the clock of its issuer, and here it is 2030-01-01T12:00:00.000Z. ` +
        'Unless it is that old, the clock of either machine is wrong',
    );
  });

  it('was verified once stays verified for as long', async () => {
    const tokens = ofPlugin();
    const { token } = await tokens.issueToken({ pluginId: 'caller', targetPluginId: 'callee' });
    await tokens.verifyToken(token);
    jest.setSystemTime(here + hour * 1_000 - 1);
    expect(await tokens.verifyToken(token)).toEqual({ subject: 'caller' });
    jest.setSystemTime(here + hour * 1_000);
    await expect(tokens.verifyToken(token)).rejects.toThrow('it expired');
  });
});

describe.each<[string, (claims: object) => Promise<unknown>]>([
  [
    'the auth plugin',
    async claims => {
      const token = await new SignJWT({ sub: 'user:default/jo', aud: 'backstage', iat: now, ...claims })
        .setProtectedHeader({ typ: 'vnd.backstage.user', alg: 'ES256', kid: 'k' })
        .sign(privateKey);
      return new UserTokens({ keySets, discovery }).verify(token);
    },
  ],
  [
    'an external issuer',
    async claims => {
      const secret = Buffer.from('a secret that two parties share');
      const token = await new SignJWT({ sub: 'backstage-server', ...claims })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(secret);
      const options = new ConfigReader({ secret: secret.toString('base64'), subject: 'ops' });
      const access = legacyAccess({ configKey: 'backend.auth.externalAccess[0]', type: 'legacy', options });
      return access.verify(token).catch(error => {
        throw toRejection(error, describeToken(readUnverifiedToken(token)!));
      });
    },
  ],
])('a token of %s', (_name, verify) => {
  it.each([
    ['begins when it is issued, by a clock that is 59 s ahead', { nbf: now + 59, exp: now + hour }],
    ['is about to end', { exp: now + 1 }],
  ])('is accepted that %s', async (_what, claims) => {
    expect(await verify(claims)).toBeDefined();
  });

  it.each([
    [
      'begins later, by more',
      { nbf: now + 61, exp: now + hour },
      'it is not valid before 2030-01-01T12:01:01.000Z by the clock of its issuer, and here it is 2030-01-01T12:00:00.000Z',
    ],
    [
      'has just ended',
      { exp: now },
      'it expired at 2030-01-01T12:00:00.000Z by the clock of its issuer, and here it is 2030-01-01T12:00:00.000Z',
    ],
  ])('is refused that %s, and the log names both clocks', async (_what, claims, reason) => {
    await expect(verify(claims)).rejects.toThrow(reason);
  });
});
