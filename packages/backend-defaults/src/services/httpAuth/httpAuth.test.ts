// Credentials of requests over HTTP: policies, limited tokens, the cookie, and what is known about users.
import { startAuthPlugin, createUserIssuer, type StartedAuthPlugin } from '../../testing/startAuthPlugin';
import type { JsonObject } from '@backstage/types';
import { DefaultHttpAuthService } from './DefaultHttpAuthService';

const stops: Array<() => Promise<unknown>> = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map(stop => stop()));
});

async function start(backendConfig: JsonObject = {}) {
  const users = createUserIssuer();
  const things: StartedAuthPlugin = await startAuthPlugin('things', {
    config: { backend: backendConfig },
    features: [users.plugin],
  });
  stops.push(things.stop);
  return { things, ...(await users.issue('user:default/jo')), users };
}

const jo = { type: 'user', userEntityRef: 'user:default/jo' };

it('serves users everywhere', async () => {
  const { things, full } = await start();
  for (const path of ['/x', '/cookie', '/open', '/open/below']) {
    expect(await things.get(path, full)).toMatchObject({ status: 200, body: jo });
  }
});

it('serves callers without credentials on open paths only', async () => {
  const { things } = await start();
  expect(await things.get('/open')).toMatchObject({ status: 200, body: { type: 'none' } });
  for (const path of ['/x', '/', '/cookie', '/opening', '/.backstage/auth/v1/cookie']) {
    expect(await things.get(path)).toMatchObject({ status: 401 });
  }
  expect(await things.get('/x')).toMatchObject({
    body: { error: { name: 'AuthenticationError', message: 'Credentials are missing' } },
  });
});

it.each(['abc', 'Basic abc', 'Bearer', 'bearer a b', 'Basic Bearer abc'])(
  'says what is wrong with the header %j',
  async header => {
    const { things } = await start();
    const answer = await fetch(`${things.url}/api/things/x`, { headers: { authorization: header } });
    expect(answer.status).toBe(401);
    expect(((await answer.json()) as { error: { message: string } }).error.message).toBe(
      'Credentials are missing: the Authorization header is not of the form "Bearer <token>"',
    );
  },
);

it('refuses a wrong token even on open paths, where the plugin asks', async () => {
  const { things } = await start();
  expect((await things.get('/open', 'wrong')).status).toBe(401);
});

it('serves everybody where the policy is disabled', async () => {
  const { things } = await start({ auth: { dangerouslyDisableDefaultAuthPolicy: true } });
  expect(await things.get('/x')).toMatchObject({ status: 200, body: { type: 'none' } });
  const onBehalfOf = await things.auth.getNoneCredentials();
  const { token } = await things.auth.getPluginRequestToken({ onBehalfOf, targetPluginId: 'things' });
  expect(await things.get('/x', token)).toMatchObject({ status: 200, body: { type: 'none' } });
  const other = { principal: { type: 'robot' } } as never;
  await expect(
    things.auth.getPluginRequestToken({ onBehalfOf: other, targetPluginId: 'things' }),
  ).rejects.toThrow('use the credentials of a user or a service');
  // Who claims to be somebody has to be.
  expect((await things.get('/x', 'wrong')).status).toBe(401);
});

it('acts for nobody while the policy is on', async () => {
  const { things } = await start();
  const onBehalfOf = await things.auth.getNoneCredentials();
  await expect(things.auth.getPluginRequestToken({ onBehalfOf, targetPluginId: 'catalog' })).rejects.toThrow(
    "Plugin 'things' can't call plugin 'catalog' on behalf of nobody",
  );
});

it('takes limited tokens only where that is allowed', async () => {
  const { things, full, limited } = await start();
  expect(await things.get('/x', limited)).toMatchObject({
    status: 403,
    body: { error: { name: 'NotAllowedError' } },
  });
  expect(await things.get('/cookie', limited)).toMatchObject({ status: 200, body: jo });
  const credentials = await things.auth.authenticate(full);
  const made = await things.auth.getLimitedUserToken(credentials as never);
  expect(made.token).toBe(limited);
  expect(made.expiresAt).toEqual(credentials.expiresAt);
});

it('issues a cookie that opens the paths for cookies, and takes it back', async () => {
  const { things, full, limited } = await start();
  const issued = await things.get('/.backstage/auth/v1/cookie', full);
  expect(issued).toMatchObject({ status: 200, body: { expiresAt: expect.stringMatching(/Z$/) } });
  expect(issued.cookie).toMatch(
    /^backstage-auth=[^;]+; Max-Age=(\d+); Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
  );
  const lastsMs = 1_000 * Number(/Max-Age=(\d+)/.exec(issued.cookie!)![1]);
  expect(Math.abs(Date.parse(issued.body.expiresAt) - Date.now() - lastsMs)).toBeLessThan(60_000);
  const cookie = issued.cookie!.split(';')[0]!;
  expect(cookie).toBe(`backstage-auth=${limited}`);
  expect(await things.get('/cookie', undefined, { cookie: `a=b; ${cookie}` })).toMatchObject({
    status: 200,
    body: jo,
  });
  expect(await things.get('/cookie', undefined, { cookie: 'backstage-auth=; a=b' })).toMatchObject({
    status: 401,
    body: { error: { message: 'Credentials are missing' } },
  });
  // A page of another site can make a browser send it, so it is good for nothing else.
  expect((await things.get('/x', undefined, { cookie })).status).toBe(401);
  expect((await things.get('/.backstage/auth/v1/cookie', undefined, { cookie })).status).toBe(401);
  const removal = await fetch(`${things.url}/api/things/.backstage/auth/v1/cookie`, { method: 'DELETE' });
  expect(removal.status).toBe(204);
  expect(removal.headers.get('set-cookie')).toMatch(/^backstage-auth=; Path=\/; Expires=Thu, 01 Jan 1970/);
});

it.each([
  ['GET', '/.backstage/auth/v1/cookies'],
  ['POST', '/.backstage/auth/v1/cookie'],
])('leaves the cookie alone with %s %s', async (method, path) => {
  const { things, full } = await start();
  const answer = await fetch(`${things.url}/api/things${path}`, {
    method,
    headers: { authorization: `Bearer ${full}` },
  });
  expect(await answer.json()).toEqual(jo);
  expect(answer.headers.get('set-cookie')).toBeNull();
});

it('issues no cookie for a plugin, nor when it is too late for one', async () => {
  const { things } = await start();
  const credentials = await things.auth.getOwnServiceCredentials();
  const issue = (headersSent: boolean) =>
    things.httpAuth.issueUserCookie({ headersSent } as never, { credentials });
  await expect(issue(false)).rejects.toThrow('A cookie can be issued for a user only');
  await expect(issue(true)).rejects.toThrow('A cookie has to be issued before the answer is sent');
});

it('makes the cookie secure where the backend is', async () => {
  const { things, full } = await start({ baseUrl: 'https://example.com/base' });
  const { cookie } = await things.get('/.backstage/auth/v1/cookie', full);
  expect(cookie).toMatch(/; Max-Age=\d+; Path=\/base; Expires=[^;]+; HttpOnly; Secure; SameSite=None$/);
});

it('issues a cookie for the whole host where its plugin has an address of its own', async () => {
  const users = createUserIssuer();
  const external = 'https://things.example.com/things-of-ours';
  const things = await startAuthPlugin('things', {
    config: { discovery: { endpoints: [{ target: { external }, plugins: ['things'] }] } },
    features: [users.plugin],
  });
  stops.push(things.stop);
  const { full } = await users.issue('user:default/jo');
  expect((await things.get('/.backstage/auth/v1/cookie', full)).cookie).toMatch(/; Path=\/; .*; Secure/);
});

it('refuses the wrong type of principal', async () => {
  const { things, full } = await start();
  const req = (token: string) => ({ headers: { authorization: `bearer  ${token} ` } }) as never;
  const options = { allow: ['service' as const] };
  await expect(things.httpAuth.credentials(req(full), options)).rejects.toMatchObject({
    name: 'NotAllowedError',
    message: 'This is open to service credentials, not to those of a user',
  });
  const none = await things.httpAuth.credentials({ headers: {} } as never, { allow: ['none'] });
  expect(none.principal).toEqual({ type: 'none' });
  expect((await things.httpAuth.credentials({ headers: {} } as never)).principal).toEqual({ type: 'none' });
  const anybody = await things.httpAuth.credentials(req(full), { allow: ['unknown'] });
  expect(anybody.principal).toEqual(jo);
});

it('reads the header where the reader of tokens is left undefined', async () => {
  const { things, full } = await start();
  const { auth } = things;
  const discovery = { getBaseUrl: async () => '', getExternalBaseUrl: async () => '' };
  const options = { auth, discovery, pluginId: 'things', getTokenFromRequest: undefined };
  const request = { headers: { authorization: `Bearer ${full}` } };
  const { principal } = await DefaultHttpAuthService.create(options).credentials(request as never);
  expect(principal).toEqual(jo);
});

it('works the credentials of a request out once, and full ones apart from limited ones', async () => {
  const { things, limited, full } = await start();
  const request = (token: string) => ({ headers: { authorization: `Bearer ${token}` } }) as never;
  const withFull = request(full);
  const [first, second] = [
    await things.httpAuth.credentials(withFull),
    await things.httpAuth.credentials(withFull),
  ];
  expect(first).toBe(second);
  const withLimited = request(limited);
  const options = { allowLimitedAccess: true };
  expect((await things.httpAuth.credentials(withLimited, options)).principal).toEqual(jo);
  await expect(things.httpAuth.credentials(withLimited)).rejects.toMatchObject({ name: 'NotAllowedError' });
});

it('works them out anew for another plugin that the request is passed on to, which the caller may not call', async () => {
  const externalAccess = [
    {
      type: 'static',
      options: { token: 'fixed-token', subject: 'ops' },
      accessRestrictions: [{ plugin: 'things' }],
    },
  ];
  const { things } = await start({ auth: { externalAccess } });
  const others = await startAuthPlugin('others', { config: { backend: { auth: { externalAccess } } } });
  stops.push(others.stop);
  const request = { headers: { authorization: 'Bearer fixed-token' } } as never;
  expect((await things.httpAuth.credentials(request)).principal).toMatchObject({ subject: 'ops' });
  await expect(others.httpAuth.credentials(request)).rejects.toMatchObject({ name: 'NotAllowedError' });
});

describe('userInfo', () => {
  it('reads the claims, and asks the auth plugin where they say nothing', async () => {
    const { things, full, limited, users } = await start();
    const infoOf = async (token: string) =>
      things.userInfo.getUserInfo(await things.auth.authenticate(token, { allowLimitedAccess: true }));
    const claims = { ent: ['user:default/jo', 'group:default/claimed'] };
    expect(await infoOf((await users.issue('user:default/jo', { claims })).full)).toEqual({
      userEntityRef: 'user:default/jo',
      ownershipEntityRefs: claims.ent,
    });
    const asked = {
      userEntityRef: 'user:default/jo',
      ownershipEntityRefs: ['user:default/jo', 'group:default/asked'],
    };
    expect(await infoOf(full)).toEqual(asked);
    expect(await infoOf(limited)).toEqual(asked);
  });

  it('knows nothing about others', async () => {
    const { things } = await start();
    for (const credentials of [
      await things.auth.getNoneCredentials(),
      await things.auth.getOwnServiceCredentials(),
    ]) {
      await expect(things.userInfo.getUserInfo(credentials)).rejects.toMatchObject({
        name: 'NotAllowedError',
      });
    }
  });
});
