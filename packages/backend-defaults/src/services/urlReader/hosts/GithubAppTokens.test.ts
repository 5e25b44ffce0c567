// Tokens of GitHub apps, against a server that answers as GitHub's API does and checks what apps prove themselves with.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { decodeJwt, jwtVerify } from 'jose';
import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { MemoryLogger } from '../../../testing/MemoryLogger';
import { breakOffAfter, WebServer, type Answer } from '../../../testing/WebServer';
import { UrlReaders } from '../UrlReaders';
import { GithubAppTokens } from './GithubAppTokens';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
// The form in which GitHub hands keys out.
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();

let server: WebServer;
let issued: string[];
let lifetimeMs: number;

beforeEach(async () => {
  server = await WebServer.start();
  issued = [];
  lifetimeMs = 3_600_000;
  server.answers.set('/repos/mine/one/installation', JSON.stringify({ id: 77 }));
  server.answers.set('/app/installations/77/access_tokens', (request, response) => {
    const token = `ghs_${issued.length}`;
    issued.push(`${request.method} ${token}`);
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ token, expires_at: new Date(Date.now() + lifetimeMs).toISOString() }));
  });
  for (const repository of ['mine/one', 'other/two']) {
    server.answers.set(`/repos/${repository}/contents/a.txt?ref=main`, (request, response) =>
      response.end(String(request.headers.authorization)),
    );
  }
});
afterEach(() => server.stop());

function reader(app: JsonObject = {}, host: JsonObject = {}, reading: JsonObject = {}) {
  const github = [
    {
      host: 'git.example',
      apiBaseUrl: server.url,
      apps: [{ appId: 5, privateKey: pem, clientId: 'c', clientSecret: 's', webhookSecret: 'w', ...app }],
      ...host,
    },
  ];
  const logger = new MemoryLogger();
  const readers = UrlReaders.default({
    config: new ConfigReader({ integrations: { github }, backend: { reading } }),
    logger,
  });
  const read = async (repository: string) =>
    String(await (await readers.readUrl(`https://git.example/${repository}/blob/main/a.txt`)).buffer());
  return { read, logger };
}

const asked = (url: string) => server.requests.filter(request => request.url === url);

it('reads with a token of the app that is installed on the repository, and uses it again', async () => {
  const { read, logger } = reader();
  expect(await Promise.all([read('mine/one'), read('mine/one')])).toEqual(['Bearer ghs_0', 'Bearer ghs_0']);
  expect(await read('mine/one')).toBe('Bearer ghs_0');
  expect(issued).toEqual(['POST ghs_0']);
  const [{ headers }] = asked('/repos/mine/one/installation') as [(typeof server.requests)[number]];
  expect(headers.accept).toBe('application/vnd.github+json');
  const { payload } = await jwtVerify(headers.authorization!.replace('Bearer ', ''), publicKey, {
    issuer: '5',
  });
  // GitHub refuses what was made in its future, or is for longer than ten minutes.
  const now = Date.now() / 1_000;
  expect(payload.iat).toBeLessThan(now - 30);
  expect(payload.exp).toBeGreaterThan(now + 60);
  expect(payload.exp! - payload.iat!).toBeLessThanOrEqual(600);
  expect(logger.entries).toEqual([]);
});

it('gets a new token before the old one ends', async () => {
  lifetimeMs = 9 * 60_000;
  const { read } = reader();
  await read('mine/one');
  expect(await read('mine/one')).toBe('Bearer ghs_1');
});

it('reads without the app where that is not installed, with the token beside it if there is one', async () => {
  expect(await reader().read('other/two')).toBe('undefined');
  expect(await reader({}, { token: 'own' }).read('other/two')).toBe('Bearer own');
});

it('asks an app only for repositories of its owners, in whatever case', async () => {
  const { read } = reader({ allowedInstallationOwners: ['Else', 'Mine'] });
  expect(await read('mine/one')).toBe('Bearer ghs_0');
  expect(await read('other/two')).toBe('undefined');
  expect(asked('/repos/other/two/installation')).toEqual([]);
});

it.each<[string, Answer]>([
  ['is gone by the time that it is asked', (_request, response) => response.writeHead(404).end()],
  ['answers without a token', '{"message":"later"}'],
])('goes on to the next app where an installation %s', async (_what, answer) => {
  server.answers.set('/repos/mine/one/installation', ({ headers }, response) => {
    const { iss } = decodeJwt(headers.authorization!.replace('Bearer ', ''));
    response.end(JSON.stringify({ id: iss === '5' ? 76 : 77 }));
  });
  server.answers.set('/app/installations/76/access_tokens', answer);
  const secrets = { privateKey: pem, clientId: 'c', clientSecret: 's', webhookSecret: 'w' };
  const { read } = reader({}, { apps: [5, 6].map(appId => ({ appId, ...secrets })) });
  expect(await read('mine/one')).toBe('Bearer ghs_0');
  expect(asked('/app/installations/76/access_tokens')).toHaveLength(1);
});

it('remembers a thousand repositories, because URLs may come from anybody', async () => {
  let asks = 0;
  const settings = {
    host: 'git.example',
    apiBaseUrl: server.url,
    get apps() {
      asks++;
      return [];
    },
  };
  const tokens = new GithubAppTokens(settings, { timeout: 1_000 });
  for (let index = 0; index < 1_000; index++) await tokens.tokenFor(`x/${index}`);
  await tokens.tokenFor('x/0');
  expect(asks).toBe(1_000);
  await tokens.tokenFor('x/1000');
  await tokens.tokenFor('x/0');
  expect(asks).toBe(1_002);
  // A host may refuse a token whose repository is forgotten by then.
  expect(() => tokens.refuse('x/forgotten', 'ghs_0')).not.toThrow();
});

it('gets a new token where the old one is refused before its end, as after the app was installed anew', async () => {
  const { read } = reader();
  await read('mine/one');
  server.answers.set('/repos/mine/one/contents/a.txt?ref=main', ({ headers }, response) =>
    response.writeHead(headers.authorization === 'Bearer ghs_0' ? 401 : 200).end(headers.authorization),
  );
  const aMinuteLater = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
  expect(await read('mine/one')).toBe('Bearer ghs_1');
  aMinuteLater.mockRestore();
});

it('says which app was refused, and asks again the next time', async () => {
  server.answers.set('/repos/mine/one/installation', (_request, response) => response.writeHead(401).end());
  const { read } = reader();
  for (let attempt = 1; attempt <= 2; attempt++) {
    await expect(read('mine/one')).rejects.toMatchObject({
      code: 'GR_URL_READ',
      message: expect.stringContaining('Check app 5 of integrations.github for git.example'),
    });
    expect(asked('/repos/mine/one/installation')).toHaveLength(attempt);
  }
});

it.each<[string, Answer, string]>([
  ['is no JSON', 'ghs_secret', 'GitHub answered the app with something that is not a JSON object'],
  ['is no object', '"ghs_secret"', 'GitHub answered the app with something that is not a JSON object'],
  ['breaks off', breakOffAfter('{"token":"ghs_secret"'), 'other side closed'],
])('says what is wrong with an answer that %s, and quotes none of it', async (_what, answer, problem) => {
  server.answers.set('/app/installations/77/access_tokens', answer);
  const error = await reader().read('mine/one').catch(inspect);
  expect(error).toContain(problem);
  expect(error).not.toContain('ghs_');
});

it('says for how long it waited for an answer', async () => {
  server.answers.set('/repos/mine/one/installation', () => {});
  await expect(reader({}, {}, { timeout: '50ms' }).read('mine/one')).rejects.toThrow(
    'GitHub sent the app no whole answer within 50 ms. Try again, or raise backend.reading.timeout.',
  );
});

it('says why GitHub was not reached', async () => {
  const { read } = reader();
  const { host } = server;
  await server.stop();
  await expect(read('mine/one')).rejects.toThrow(`connect ECONNREFUSED ${host}. Check app 5`);
});

it('says of which app the key can not be used', async () => {
  const { privateKey: other } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { read } = reader({ privateKey: other.export({ type: 'pkcs8', format: 'pem' }).toString() });
  await expect(read('mine/one')).rejects.toMatchObject({
    code: 'GR_URL_READ',
    message: expect.stringContaining('Check app 5'),
  });
});

it('refuses a key that is none, without showing it', () => {
  expect(() => reader({ privateKey: 'hunter2' })).toThrow(
    'integrations.github[0].apps[0].privateKey is not a private key in PEM format',
  );
});
