// Tokens between plugins in different backends, and what becomes of those that are not valid.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { AuthService } from '@greenroom/backend-plugin-api';
import { coreServices } from '@greenroom/backend-plugin-api';
import { createPlugin, provide } from '@greenroom/testing';
import { SignJWT } from 'jose';
import { generateKeyFiles, staticKeyStore, toKeyEntry } from '../../testing/generateKeyFiles';
import { startAuthPlugin, type StartedAuthPlugin } from '../../testing/startAuthPlugin';
import { startCallerAndCallee } from '../../testing/startCallerAndCallee';
import { pluginTokenHandlerDecoratorServiceRef } from './PluginTokenHandler';

const stops: Array<() => Promise<unknown>> = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map(stop => stop()));
});

async function startTwo(options?: Parameters<typeof startCallerAndCallee>[0]) {
  const two = await startCallerAndCallee(options);
  stops.push(two.stop);
  return two;
}

const ownToken = async (auth: AuthService, targetPluginId: string) =>
  (await auth.getPluginRequestToken({ onBehalfOf: await auth.getOwnServiceCredentials(), targetPluginId }))
    .token;

function decode(token: string) {
  const [header, payload] = token
    .split('.')
    .slice(0, 2)
    .map(part => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, any>);
  return { header: header!, payload: payload! };
}

it('makes tokens of the known form, which the called plugin accepts', async () => {
  const { caller, callee } = await startTwo();
  const token = await ownToken(caller.auth, 'callee');
  const { header, payload } = decode(token);
  expect(header).toEqual({ typ: 'vnd.backstage.plugin', alg: 'ES256', kid: expect.any(String) });
  expect(payload).toEqual({
    sub: 'caller',
    aud: 'callee',
    iat: expect.any(Number),
    exp: payload.iat + 3600,
  });
  expect(await callee.get('/x', token)).toMatchObject({
    status: 200,
    body: { type: 'service', subject: 'plugin:caller' },
  });
  const url = `${caller.url}/api/caller/.backstage/auth/v1/jwks.json`;
  const answer = await fetch(url);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
  expect((await fetch(url, { method: 'POST' })).status).toBe(401);
  const keys = await answer.json();
  expect(keys).toEqual({
    keys: [expect.objectContaining({ kid: header.kid, kty: 'EC', crv: 'P-256', alg: 'ES256' })],
  });
  expect(JSON.stringify(keys)).not.toContain('"d"');
});

it('publishes the keys of plugins that have no routes, whose tokens the called plugin accepts too', async () => {
  let auth!: AuthService;
  const quiet = createPlugin('quiet', {
    deps: { auth: coreServices.auth },
    async init(deps) {
      ({ auth } = deps);
    },
  });
  const { caller, callee, urls } = await startTwo({ features: [quiet] });
  urls.quiet = caller.url;
  expect(await callee.get('/x', await ownToken(auth, 'callee'))).toMatchObject({
    status: 200,
    body: { type: 'service', subject: 'plugin:quiet' },
  });
});

it('acts for a user, for no longer than the user may', async () => {
  const { caller, callee, users } = await startTwo();
  const exp = Math.floor(Date.now() / 1000) + 600;
  const { full } = await users.issue('user:default/jo', { exp });
  const onBehalfOf = await caller.auth.authenticate(full);
  const { token } = await caller.auth.getPluginRequestToken({ onBehalfOf, targetPluginId: 'callee' });
  expect(decode(token).payload).toMatchObject({ sub: 'caller', exp });
  expect(token).not.toContain(full);
  const principal = {
    type: 'user',
    userEntityRef: 'user:default/jo',
    actor: { type: 'service', subject: 'plugin:caller' },
  };
  expect(await callee.get('/x', token)).toMatchObject({ status: 200, body: principal });
  // The called plugin can go on in the user's name.
  const credentials = await callee.auth.authenticate(token);
  const further = await callee.auth.getPluginRequestToken({
    onBehalfOf: credentials,
    targetPluginId: 'caller',
  });
  expect((await caller.get('/x', further.token)).body).toMatchObject({
    userEntityRef: 'user:default/jo',
    actor: { subject: 'plugin:callee' },
  });
});

it('tells principals apart, and gives credentials the form that others look for', async () => {
  const { caller, users } = await startTwo();
  const { auth } = caller;
  const user = await auth.authenticate((await users.issue('user:default/jo')).full);
  const service = await auth.getOwnServiceCredentials();
  const none = await auth.getNoneCredentials();
  expect(service.principal).toEqual({ type: 'service', subject: 'plugin:caller' });
  expect(user).toMatchObject({ $$type: '@backstage/BackstageCredentials', version: 'v1' });
  const types = ['user', 'service', 'none', 'unknown'] as const;
  expect([user, service, none].map(one => types.filter(type => auth.isPrincipal(one, type)))).toEqual([
    ['user', 'unknown'],
    ['service', 'unknown'],
    ['none', 'unknown'],
  ]);
  // Services share them between requests.
  for (const one of [user, service, none]) {
    expect([one, one.principal].map(part => Object.isFrozen(part))).toEqual([true, true]);
  }
});

it('acts for no user whose token contains no limited one', async () => {
  const { caller, users } = await startTwo();
  const { full } = await users.issue('user:default/jo', { claims: { uip: null } });
  const onBehalfOf = await caller.auth.authenticate(full);
  await expect(
    caller.auth.getPluginRequestToken({ onBehalfOf, targetPluginId: 'callee' }),
  ).rejects.toMatchObject({
    name: 'AuthenticationError',
    message: expect.stringContaining("contains no limited one (the claim 'uip')"),
  });
});

it('never shows the token of credentials', async () => {
  const { caller, users } = await startTwo();
  const { full, limited } = await users.issue('user:default/jo');
  const credentials = await caller.auth.authenticate(full);
  for (const shown of [
    JSON.stringify(credentials),
    inspect(credentials, { showHidden: true, depth: 9 }),
    String(credentials),
    JSON.stringify(Reflect.ownKeys(credentials).map(key => (credentials as any)[key])),
  ]) {
    expect(shown).not.toContain(full.split('.')[2]);
    expect(shown).not.toContain(limited.split('.')[2]);
  }
  await expect(caller.auth.getLimitedUserToken({ ...credentials } as never)).rejects.toThrow('copies lose');
});

it('takes credentials that were stored with their token, as published plugins store them', async () => {
  const { caller, callee, users } = await startTwo();
  const credentials = await caller.auth.authenticate((await users.issue('user:default/jo')).full);
  const stored = JSON.stringify({ ...credentials, token: (credentials as { token?: string }).token });
  const onBehalfOf = JSON.parse(stored);
  expect(caller.auth.isPrincipal(onBehalfOf, 'user')).toBe(true);
  const { token } = await caller.auth.getPluginRequestToken({ onBehalfOf, targetPluginId: 'callee' });
  expect((await callee.get('/x', token)).body).toMatchObject({ userEntityRef: 'user:default/jo' });
});

describe('a token that is not valid', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let callee: StartedAuthPlugin;
  let caller: StartedAuthPlugin;
  let kid: string;

  beforeEach(async () => {
    ({ callee, caller } = await startTwo());
    ({ kid } = decode(await ownToken(caller.auth, 'callee')).header);
  });

  const now = Math.floor(Date.now() / 1000);
  const forge = (claims: object, header: object = {}, key: KeyObject | Uint8Array = privateKey) =>
    new SignJWT({ sub: 'caller', aud: 'callee', iat: now, exp: now + 60, ...claims })
      .setProtectedHeader({ typ: 'vnd.backstage.plugin', alg: 'ES256', kid, ...header })
      .sign(key);

  it.each<[string, () => Promise<string>, string]>([
    ['for another plugin', () => ownToken(caller.auth, 'other'), 'its audience is "other", not \'callee\''],
    ['for several plugins', () => forge({ aud: ['callee'] }), 'its audience is ["callee"]'],
    [
      'with an unknown key',
      () => forge({}, { kid: 'strange' }),
      "its key 'strange' is unknown to plugin 'caller'",
    ],
    ['without a key id', () => forge({}, { kid: undefined }), 'its key'],
    ['signed by another', () => forge({}), 'its signature does not fit its key'],
    [
      'with a subject that leads elsewhere',
      () => forge({ sub: '../x' }),
      'its subject is not the id of a plugin',
    ],
    [
      'of an unknown plugin',
      () => forge({ sub: 'auth' }, { kid: 'k' }),
      "its key 'k' is unknown to plugin 'auth'",
    ],
    [
      'with a public key as secret',
      () => forge({}, { alg: 'HS256' }, Buffer.from('x'.repeat(32))),
      "its algorithm 'HS256' is not allowed",
    ],
    ['that is no token', async () => 'nonsense', 'nothing accepts it'],
    [
      'of an unknown kind',
      () => forge({ iss: 'https://issuer.example' }, { typ: 'JWT' }),
      "(issuer 'https://issuer.example')",
    ],
  ])('%s is refused; the log says why, the answer does not', async (_name, make, reason) => {
    const { status, body } = await callee.get('/x', await make());
    expect(status).toBe(401);
    expect(body.error).toEqual({ name: 'AuthenticationError', message: 'The token is not valid' });
    expect(callee.refusals()).toEqual([expect.stringContaining(reason)]);
  });

  it('has expired: the log says when', async () => {
    jest.useFakeTimers({ now: (now - 7200) * 1000, doNotFake: ['nextTick', 'setImmediate', 'setTimeout'] });
    const token = await ownToken(caller.auth, 'callee').finally(() => jest.useRealTimers());
    expect((await callee.get('/x', token)).status).toBe(401);
    const when = new Date((now - 3600) * 1000).toISOString();
    expect(callee.refusals()).toEqual([
      expect.stringContaining(`A token was rejected: it expired at ${when} by the clock of its issuer`),
    ]);
  });
});

it('says where keys were looked for that are in another backend, as where discovery does not name it', async () => {
  const { caller, callee, urls } = await startTwo();
  const token = await ownToken(caller.auth, 'callee');
  urls.caller = callee.url;
  expect((await callee.get('/x', token)).status).toBe(401);
  expect(callee.refusals()).toEqual([
    expect.stringContaining(
      `is unknown to plugin 'caller': nothing is at ${callee.url}/api/caller/.backstage/auth/v1/jwks.json. ` +
        "Name the backend of 'caller' in discovery.endpoints;",
    ),
  ]);
});

it('answers 503, not 401, while the keys of the caller can not be fetched', async () => {
  const { caller, callee, urls } = await startTwo();
  const token = await ownToken(caller.auth, 'callee');
  const url = urls.caller!;
  urls.caller = 'http://127.0.0.1:1';
  expect((await callee.get('/x', token)).status).toBe(503);
  expect(callee.refusals()).toEqual([
    expect.stringContaining("the keys can't be fetched: GET http://127.0.0.1:1/"),
  ]);
  Object.defineProperty(urls, 'caller', { configurable: true, get: () => fail('no such record') });
  expect((await callee.get('/x', token)).status).toBe(503);
  expect(callee.refusals().at(-1)).toContain("the keys can't be fetched: no such record");
  Object.defineProperty(urls, 'caller', { value: url });
  expect((await callee.get('/x', token)).status).toBe(200);
});

function fail(message: string): never {
  throw new Error(message);
}

describe('keys from files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auth-static-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([
    ['ec', 'ES256', {}],
    ['rsa', 'RS256', { algorithm: 'RS256' }],
  ] as const)('sign, and all of them are published and verify: %s', async (kind, algorithm, given) => {
    const [first, second] = [
      await generateKeyFiles(folder, 'new', kind),
      await generateKeyFiles(folder, 'old', kind),
    ];
    const keys = [toKeyEntry(first, { signs: true, ...given }), toKeyEntry(second, given)];
    const { caller, callee } = await startTwo({ config: staticKeyStore(keys) });
    const token = await ownToken(caller.auth, 'callee');
    expect(decode(token).header).toMatchObject({ kid: 'new', alg: algorithm });
    expect((await callee.get('/x', token)).status).toBe(200);
    const { keys: published } = await caller.auth.listPublicServiceKeys();
    expect(published.map(key => key.kid)).toEqual(['new', 'old']);
    expect(published.some(key => 'd' in key)).toBe(false);
    // As they were made before the keys were exchanged.
    const old = await new SignJWT(decode(token).payload)
      .setProtectedHeader({ typ: 'vnd.backstage.plugin', alg: algorithm, kid: 'old' })
      .sign(second.privateKey);
    expect((await callee.get('/x', old)).status).toBe(200);
  });

  it('fail the start where they can not be used', async () => {
    const files = await generateKeyFiles(folder, 'key');
    const signing = toKeyEntry(files, { signs: true });
    const start = (keys: object[]) => startAuthPlugin('broken', { config: staticKeyStore(keys as never) });
    const key = 'backend.auth.pluginKeyStore.static.keys';
    await expect(start([{ ...signing, publicKeyFile: join(folder, 'nowhere.pem') }])).rejects.toThrow(
      `${key}[0].publicKeyFile must name a PEM file with a key: ENOENT`,
    );
    await expect(start([toKeyEntry(files)])).rejects.toThrow(`${key}[0].privateKeyFile must be set`);
    await expect(start([signing, signing])).rejects.toThrow(`${key}[1].privateKeyFile must not be set`);
    await expect(start([])).rejects.toThrow(`${key} must be a list of at least one key`);
    const config = { backend: { auth: { pluginKeyStore: { type: 'vault' } } } };
    await expect(startAuthPlugin('broken', { config })).rejects.toThrow(
      "backend.auth.pluginKeyStore.type is 'vault', and must be 'database' or 'static'",
    );
  });
});

it('lets others change how tokens between plugins are made', async () => {
  const decorator = provide(pluginTokenHandlerDecoratorServiceRef, () => handler => ({
    issueToken: async options => ({ token: `changed-${options.targetPluginId}` }),
    verifyToken: async token =>
      token === 'changed-caller' ? { subject: 'somebody' } : handler.verifyToken(token),
  }));
  const { caller } = await startTwo({ services: [decorator] });
  const token = await ownToken(caller.auth, 'caller');
  expect((await caller.get('/x', token)).body).toEqual({ type: 'service', subject: 'plugin:somebody' });
});
