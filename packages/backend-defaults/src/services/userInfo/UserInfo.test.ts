// What becomes of questions about users that the auth plugin does not answer; the rest is in ../httpAuth/httpAuth.test.ts.
import type { BackstageCredentials } from '@greenroom/backend-plugin-api';
import { WebServer } from '../../testing/WebServer';
import { createCredentials } from '../auth/createCredentials';
import { UserInfo } from './UserInfo';

const token = 'a-token-that-no-log-shows';
const jo: BackstageCredentials = createCredentials(
  { type: 'user', userEntityRef: 'user:default/jo' },
  { token },
);

let server: WebServer;
beforeEach(async () => {
  server = await WebServer.start();
});
afterEach(() => server.stop());

const ask = (baseUrl = server.url, credentials = jo) => {
  const getUrl = async (pluginId: string) => `${baseUrl}/${pluginId}`;
  const userInfo = new UserInfo({ discovery: { getBaseUrl: getUrl, getExternalBaseUrl: getUrl } });
  return userInfo.getUserInfo(credentials);
};

it('shows the token of the user to the auth plugin', async () => {
  server.answers.set('/auth/v1/userinfo', JSON.stringify({ claims: { sub: 'x', ent: ['group:default/a'] } }));
  expect(await ask()).toEqual({
    userEntityRef: 'user:default/jo',
    ownershipEntityRefs: ['group:default/a'],
  });
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${token}`]);
});

it('is not available without the auth plugin, whose address only the log is told', async () => {
  const error = await ask('http://127.0.0.1:1').catch((thrown: Error) => thrown);
  expect(error).toMatchObject({
    name: 'ServiceUnavailableError',
    message: "The auth plugin can't be asked about a user right now, try again later",
    cause: { message: 'Asking http://127.0.0.1:1/auth/v1/userinfo failed' },
  });
  expect(String(error)).not.toContain(token);
});

it.each<[string, BackstageCredentials]>([
  ['a copy of credentials, which has lost their token', { ...jo }],
  ['a service, even with a token', createCredentials({ type: 'service', subject: 'x' }, { token })],
])('asks about nobody for %s', async (_name, credentials) => {
  await expect(ask(server.url, credentials)).rejects.toMatchObject({ name: 'NotAllowedError' });
  expect(server.requests).toEqual([]);
});

it('passes on what the auth plugin refuses', async () => {
  server.answers.set('/auth/v1/userinfo', (_request, response) => response.writeHead(401).end());
  await expect(ask()).rejects.toMatchObject({ name: 'ResponseError', statusCode: 401 });
});

it.each([
  {},
  { claims: {} },
  { claims: { ent: 'group:default/a' } },
  { claims: { ent: [1] } },
  { claims: { ent: ['group:default/a', 1] } },
])('takes no other answer for a list: %j', async answer => {
  server.answers.set('/auth/v1/userinfo', JSON.stringify(answer));
  await expect(ask()).rejects.toThrow(`answer at ${server.url}/auth/v1/userinfo has no list claims.ent`);
});
