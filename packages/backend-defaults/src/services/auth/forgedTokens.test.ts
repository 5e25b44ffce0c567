// Tokens that somebody made up: none of any kind is believed, the log says why, and the answer does not.
import type { JsonObject } from '@backstage/types';
import { createHmac, sign, type KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyFiles, staticKeyStore, toKeyEntry, type KeyFiles } from '../../testing/generateKeyFiles';
import { startAuthPlugin } from '../../testing/startAuthPlugin';
import { startCallerAndCallee, type CallerAndCallee } from '../../testing/startCallerAndCallee';
import { WebServer } from '../../testing/WebServer';

const now = Math.floor(Date.now() / 1000);
const plugin = 'vnd.backstage.plugin';
const user = 'vnd.backstage.user';
const limitedUser = 'vnd.backstage.limited-user';

let two: CallerAndCallee;
/** The caller signs with it, so what is signed with it has a signature that is right. */
let own: KeyFiles;
/** Published by nobody. */
let other: KeyFiles;
let trap: WebServer;
let folder: string;
let issued: { full: string; limited: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auth-forged-'));
  own = await generateKeyFiles(folder, 'own');
  other = await generateKeyFiles(folder, 'other');
  two = await startCallerAndCallee({ config: staticKeyStore([toKeyEntry(own, { signs: true })]) });
  trap = await WebServer.start();
  issued = await two.users.issue('user:default/jo');
});
afterAll(async () => {
  await Promise.all([two.stop(), trap.stop()]);
  await rm(folder, { recursive: true });
});

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const unsigned = (header: object, claims: object) =>
  `${encode({ alg: 'none', ...header })}.${encode(claims)}.`;
const withSecret = (header: object, claims: object, secret: string) => {
  const content = `${encode({ alg: 'HS256', ...header })}.${encode(claims)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
};
const signed = (header: object, claims: object, key: KeyObject) => {
  const content = `${encode({ alg: 'ES256', ...header })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
};
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
/** The same claims and signature under another header. */
const relabelled = (token: string, typ: string) => {
  const [header, ...rest] = token.split('.');
  const fields = JSON.parse(Buffer.from(header!, 'base64url').toString()) as object;
  return [encode({ ...fields, typ }), ...rest].join('.');
};

const pluginClaims = { sub: 'caller', aud: 'callee', iat: now, exp: now + 60 };
const ofCaller = (claims: object = {}, header: object = {}) =>
  signed({ typ: plugin, kid: 'own', ...header }, { ...pluginClaims, ...claims }, own.privateKey);
const userClaims: JsonObject = { sub: 'user:default/jo', aud: 'backstage', iat: now, exp: now + 60 };
const ofUser = (claims: JsonObject, typ = user) => two.users.sign(typ, { ...userClaims, ...claims });
const userHeader = () => ({ typ: user, kid: two.users.kid });

it('believes what is signed as it should be', async () => {
  expect((await two.callee.get('/x', ofCaller())).body).toEqual({
    type: 'service',
    subject: 'plugin:caller',
  });
  expect((await two.callee.get('/x', ofCaller({ obo: issued.limited }))).body).toMatchObject({
    userEntityRef: 'user:default/jo',
  });
  expect((await two.callee.get('/x', await ofUser({}))).body).toMatchObject({ type: 'user' });
});

type Forgery = [string, () => string | Promise<string>, string];

const ofPlugins: Forgery[] = [
  [
    'without a signature',
    () => unsigned({ typ: plugin, kid: 'own' }, pluginClaims),
    "its algorithm 'none' is not allowed",
  ],
  [
    'with the public key as secret',
    () => withSecret({ typ: plugin, kid: 'own' }, pluginClaims, pem(own.publicKey)),
    "its algorithm 'HS256' is not allowed",
  ],
  [
    'with the published form of the key as secret',
    () =>
      withSecret(
        { typ: plugin, kid: 'own' },
        pluginClaims,
        JSON.stringify(own.publicKey.export({ format: 'jwk' })),
      ),
    "its algorithm 'HS256' is not allowed",
  ],
  ['with an algorithm that its key is not for', () => ofCaller({}, { alg: 'ES384' }), '"ES384"'],
  [
    'with a key id that is a path',
    () => ofCaller({}, { kid: '../../../../dev/null' }),
    "its key '../../../../dev/null' is unknown to plugin 'caller'",
  ],
  [
    'that brings its key along',
    () =>
      signed(
        { typ: plugin, kid: 'own', jwk: other.publicKey.export({ format: 'jwk' }) },
        pluginClaims,
        other.privateKey,
      ),
    'its signature does not fit its key',
  ],
  [
    'that says where its key is',
    () =>
      signed(
        { typ: plugin, kid: 'mine', jku: `${trap.url}/keys`, x5u: `${trap.url}/cert` },
        pluginClaims,
        other.privateKey,
      ),
    "its key 'mine' is unknown to plugin 'caller'",
  ],
  ...[5, ['caller'], 'caller/../elsewhere'].map((sub): Forgery => [
    `with the subject ${JSON.stringify(sub)}`,
    () => ofCaller({ sub }),
    'its subject is not the id of a plugin',
  ]),
  [
    'in the name of another plugin',
    () => ofCaller({ sub: 'auth' }),
    "its key 'own' is unknown to plugin 'auth'",
  ],
  ['for another plugin', () => ofCaller({ aud: 'auth' }), 'its audience is "auth", not \'callee\''],
  ['for everybody', () => ofCaller({ aud: undefined }), "its audience is undefined, not 'callee'"],
  ['that never ends', () => ofCaller({ exp: undefined }), "its claim 'exp' is wrong"],
  ['without its beginning', () => ofCaller({ iat: undefined }), "its claim 'iat' is wrong"],
  ['that is over', () => ofCaller({ exp: now - 5 }), 'it expired at'],
  ['that is not valid yet', () => ofCaller({ nbf: now + 600 }), 'it is not valid before'],
];

const onBehalf: Forgery[] = [
  ['what is no token', () => ofCaller({ obo: 'user:default/jo' }), 'presents for a user is not a user token'],
  [
    'what is no text',
    () => ofCaller({ obo: { sub: 'user:default/jo' } }),
    'presents for a user is not a user token',
  ],
  ['nothing', () => ofCaller({ obo: '' }), 'presents for a user is not a user token'],
  ['the token of a plugin', () => ofCaller({ obo: ofCaller() }), 'presents for a user is not a user token'],
  [
    'a user that the plugin made up',
    () => ofCaller({ obo: signed({ typ: limitedUser, kid: 'own' }, userClaims, own.privateKey) }),
    "its key 'own' is unknown to the auth plugin",
  ],
  [
    "a user whose token has the auth plugin's key id and another signature",
    () => ofCaller({ obo: signed({ ...userHeader(), typ: limitedUser }, userClaims, own.privateKey) }),
    'its signature does not fit its key',
  ],
  [
    'a user whose token is over',
    async () => ofCaller({ obo: await ofUser({ exp: now - 5 }, limitedUser) }),
    'it expired at',
  ],
];

const ofUsers: Forgery[] = [
  ['without a signature', () => unsigned(userHeader(), userClaims), "its algorithm 'none' is not allowed"],
  [
    'with the public key as secret',
    () => withSecret(userHeader(), userClaims, pem(two.users.publicKey)),
    "its algorithm 'HS256' is not allowed",
  ],
  [
    'with an algorithm of other keys',
    () => signed({ ...userHeader(), alg: 'ES384' }, userClaims, other.privateKey),
    '"ES384"',
  ],
  [
    'signed by another',
    () => signed(userHeader(), userClaims, other.privateKey),
    'its signature does not fit',
  ],
  [
    'with the key of a plugin',
    () => signed({ typ: user, kid: 'own' }, userClaims, own.privateKey),
    "its key 'own' is unknown to the auth plugin",
  ],
  [
    'without a key id',
    () => signed({ typ: user }, userClaims, own.privateKey),
    'is unknown to the auth plugin',
  ],
  ['for another audience', () => ofUser({ aud: 'elsewhere' }), "its claim 'aud' is wrong"],
  ['for everybody', () => two.users.sign(user, { sub: 'user:default/jo', exp: now + 60, iat: now }), "'aud'"],
  ['that is over', () => ofUser({ exp: now - 5 }), 'it expired at'],
  ['that never ends', () => two.users.sign(user, { sub: 'a', aud: 'backstage', iat: now }), "'exp' is wrong"],
  ['of nobody', () => two.users.sign(user, { aud: 'backstage', iat: now, exp: now + 60 }), "'sub' is wrong"],
  ['that was a limited one', () => relabelled(issued.limited, user), 'its signature does not fit its key'],
  ['that was a full one', () => relabelled(issued.full, limitedUser), 'its signature does not fit its key'],
  [
    'that passes itself off as one of the auth plugin',
    () => two.users.sign(plugin, { ...userClaims, sub: 'auth', aud: 'callee' }),
    "its key 'users-1' is unknown to plugin 'auth'",
  ],
  ['of no kind', () => ofUser({}, 'JWT'), 'nothing accepts it'],
];

describe.each<[string, Forgery[]]>([
  ['the token of a plugin', ofPlugins],
  ['the token of a plugin that shows', onBehalf],
  ['the token of a user', ofUsers],
])('%s', (_kind, forgeries) => {
  it.each(forgeries)('%s', async (_name, make, reason) => {
    const before = two.callee.refusals().length;
    const { status, body } = await two.callee.get('/x', await make());
    expect(status).toBe(401);
    expect(body.error).toEqual({ name: 'AuthenticationError', message: 'The token is not valid' });
    expect(two.callee.refusals().slice(before)).toEqual([expect.stringContaining(reason)]);
    expect(trap.requests).toEqual([]);
  });
});

it('is never at a loss, whatever is in a header or a claim', async () => {
  const externalAccess = [{ type: 'jwks', options: { url: `${trap.url}/keys` } }];
  const { auth, stop } = await startAuthPlugin('callee', {
    config: { backend: { auth: { externalAccess } } },
  });
  const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const odd = [
    ...['null', '0', '-1', '1e999', 'true', '""', '[]', '{}', '"\\u0000"', '["callee"]', '{"__proto__":1}'],
    // What has no text, as these are no functions.
    '{"toString":1,"valueOf":1}',
    '[{"toString":1,"valueOf":1}]',
    deep(5_000),
    JSON.stringify('x'.repeat(10_000)),
  ];
  const encodeText = (text: string) => Buffer.from(text).toString('base64url');
  const outcomes = new Set<string>();
  for (const typ of [plugin, user, limitedUser, 'JWT']) {
    for (const field of ['typ', 'alg', 'kid', 'crit', 'iss', 'sub', 'aud', 'exp', 'iat', 'obo']) {
      for (const value of odd) {
        const fields = { ...pluginClaims, alg: 'ES256', kid: 'own', typ, [field]: '@' };
        const { alg, kid, typ: type, crit, ...claims } = { crit: undefined, ...fields };
        const [header, payload] = [{ alg, kid, typ: type, crit }, claims].map(part =>
          encodeText(JSON.stringify(part).replace('"@"', () => value)),
        );
        const token = `${header}.${payload}.${encodeText('no signature')}`;
        outcomes.add(await auth.authenticate(token).then(String, (error: Error) => error.name));
      }
    }
  }
  await stop();
  // The second one where so many unknown keys were looked for that it can't tell.
  expect([...outcomes].sort()).toEqual(['AuthenticationError', 'ServiceUnavailableError']);
}, 60_000);

it('shows to the log what a refused token claims, and nothing of the token itself', async () => {
  const token = ofCaller({ aud: 'elsewhere', iss: 'somebody' });
  await two.callee.get('/x', token);
  const { meta } = two.callee.logger.entries.findLast(({ message }) => message.startsWith('A token'))!;
  expect(meta).toMatchObject({
    typ: plugin,
    alg: 'ES256',
    kid: 'own',
    iss: 'somebody',
    sub: 'caller',
    aud: 'elsewhere',
    exp: now + 60,
  });
  expect(JSON.stringify(two.callee.logger.entries)).not.toContain(token.split('.')[2]);
});
