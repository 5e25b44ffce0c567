// Tokens of an OAuth client of Bitbucket, against a server that gives them out and answers only whoever has one.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { makeTar } from '../../../testing/archives';
import { MemoryLogger } from '../../../testing/MemoryLogger';
import { breakOffAfter, WebServer, type Answer } from '../../../testing/WebServer';
import { UrlReaders } from '../UrlReaders';

const tokenPath = '/site/oauth2/access_token';
const client = { clientId: 'the-client', clientSecret: 'hunter2' };
let server: WebServer;
let asked: string[];
let lifetime: number | undefined;

beforeEach(async () => {
  server = await WebServer.start();
  asked = [];
  lifetime = 7_200;
  server.answers.set(tokenPath, async (request, response) => {
    const { method, headers } = request;
    const basic = Buffer.from(headers.authorization!.replace('Basic ', ''), 'base64');
    asked.push([method, headers['content-type'], basic, await text(request)].join(' '));
    response.setHeader('content-type', 'application/json');
    const token = { access_token: `at_${asked.length}`, token_type: 'bearer', expires_in: lifetime };
    response.end(JSON.stringify({ ...token, scopes: 'repository' }));
  });
  for (const name of ['one', 'two']) {
    server.answers.set(`/2.0/repositories/mine/${name}/src/main/a.txt`, (request, response) =>
      response.end(String(request.headers.authorization)),
    );
  }
});
afterEach(async () => {
  jest.useRealTimers();
  await server.stop();
});

/** Nothing else is a fake: there are real requests. */
function fakeClock(): void {
  jest.useFakeTimers({
    now: new Date('2030-01-01T00:00:00Z'),
    doNotFake: [
      ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
      ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
    ],
  });
}

function reader(entry: JsonObject = client, reading: JsonObject = {}) {
  const bitbucketCloud = [{ baseUrl: server.url, apiBaseUrl: `${server.url}/2.0`, ...entry }];
  const config = new ConfigReader({ integrations: { bitbucketCloud }, backend: { reading } });
  const logger = new MemoryLogger();
  const readers = UrlReaders.default({ config, logger });
  const read = async (name = 'one', token?: string) => {
    const file = await readers.readUrl(`https://bitbucket.org/mine/${name}/src/main/a.txt`, { token });
    return String(await file.buffer());
  };
  return { read, readers, logger };
}

it('reads with a token of the client, which is asked for once for all who read', async () => {
  const { read, logger } = reader();
  const names = Array.from({ length: 100 }, (_, index) => (index % 2 ? 'one' : 'two'));
  const contents = await Promise.all(names.map(name => read(name)));
  expect(new Set(contents)).toEqual(new Set(['Bearer at_1']));
  expect(await read()).toBe('Bearer at_1');
  expect(asked).toEqual([
    'POST application/x-www-form-urlencoded;charset=UTF-8 the-client:hunter2 grant_type=client_credentials',
  ]);
  expect(logger.entries).toEqual([]);
});

it('reads directories with it', async () => {
  const commits = JSON.stringify({ values: [{ hash: 'abc' }] });
  server.answers.set('/2.0/repositories/mine/one/commits/main?pagelen=1', commits);
  server.answers.set('/mine/one/get/abc.tar.gz', await makeTar([{ name: 'mine-one-abc/b', content: 'b' }]));
  const tree = await reader().readers.readTree('https://bitbucket.org/mine/one/src/main/');
  expect((await tree.files()).map(({ path }) => path)).toEqual(['b']);
  const sent = server.requests.slice(1).map(({ headers }) => headers.authorization);
  expect(sent).toEqual(['Bearer at_1', 'Bearer at_1']);
});

it('uses the client instead of a token or a password beside it, and the token of a caller instead of its own', async () => {
  expect(await reader({ ...client, token: 't' }).read()).toBe('Bearer at_1');
  expect(await reader({ ...client, username: 'u', token: 't' }).read()).toBe('Bearer at_2');
  expect(await reader({ ...client, username: 'u', appPassword: 'p' }).read()).toBe('Bearer at_3');
  expect(await reader().read('one', 'callers')).toBe('Bearer callers');
  expect(asked).toHaveLength(3);
});

it.each([
  ['the two hours that it lives for', 7_200, 110],
  ['the hour that it is taken to live for if the answer does not say', undefined, 50],
])('asks for another ten minutes before the end of %s', async (_what, seconds, minutes) => {
  lifetime = seconds;
  fakeClock();
  const { read } = reader();
  const start = Date.now();
  expect(await read()).toBe('Bearer at_1');
  jest.setSystemTime(start + minutes * 60_000 - 1_000);
  expect(await read()).toBe('Bearer at_1');
  jest.setSystemTime(start + minutes * 60_000);
  expect(await read()).toBe('Bearer at_2');
});

describe('a token that is refused before its end', () => {
  const accepting =
    (token: string, content = 'content'): Answer =>
    (request, response) =>
      response.writeHead(request.headers.authorization === `Bearer ${token}` ? 200 : 401).end(content);
  const path = '/2.0/repositories/mine/one/src/main/a.txt';
  const later = () => jest.setSystemTime(Date.now() + 60_000);
  beforeEach(fakeClock);

  it('is replaced by another for all who read', async () => {
    const { read, readers } = reader();
    await read();
    later();
    server.answers.set(path, accepting('at_2'));
    expect(await Promise.all([read(), read(), read()])).toEqual(['content', 'content', 'content']);
    expect(asked).toHaveLength(2);

    later();
    const commits = JSON.stringify({ values: [{ hash: 'abc' }] });
    server.answers.set('/2.0/repositories/mine/one/commits/main?pagelen=1', accepting('at_3', commits));
    server.answers.set('/mine/one/get/abc.tar.gz', await makeTar([{ name: 'mine-one-abc/b', content: 'b' }]));
    const tree = await readers.readTree('https://bitbucket.org/mine/one/src/main/');
    expect((await tree.files()).map(({ path: name }) => name)).toEqual(['b']);
  });

  const refused = {
    code: 'GR_URL_NOT_ALLOWED',
    message: expect.stringContaining('is refused by the host with status 401'),
  };

  it('is replaced no more than once a minute where each is refused', async () => {
    const { read } = reader();
    await read();
    later();
    server.answers.set(path, accepting('another'));
    await expect(read()).rejects.toMatchObject(refused);
    await expect(read()).rejects.toMatchObject(refused);
    const sent = server.requests
      .filter(({ url }) => url === path)
      .map(({ headers }) => headers.authorization);
    expect(sent).toEqual(['Bearer at_1', 'Bearer at_1', 'Bearer at_2', 'Bearer at_2']);
    expect(asked).toHaveLength(2);
  });

  it('is not used instead of the token of a caller', async () => {
    const { read } = reader();
    await read();
    later();
    server.answers.set(path, accepting('at_1'));
    await expect(read('one', 'callers')).rejects.toMatchObject(refused);
    expect(await read()).toBe('content');
    expect(asked).toHaveLength(1);
  });
});

it('goes on after a failure: who reads next asks again', async () => {
  const works = server.answers.get(tokenPath)!;
  server.answers.set(tokenPath, (_request, response) => void response.destroy());
  const { read } = reader();
  const failed = await Promise.allSettled([read(), read(), read()]);
  expect(new Set(failed.map(({ status }) => status))).toEqual(new Set(['rejected']));
  expect(server.requests).toHaveLength(1);
  server.answers.set(tokenPath, works);
  expect(await read()).toBe('Bearer at_1');
});

const check =
  '. Check clientId and clientSecret of integrations.bitbucketCloud, and in Bitbucket that the OAuth consumer is a private one with a callback URL.';

it.each<[string, Answer, string]>([
  [
    'is a refusal',
    (_request, response) => response.writeHead(400).end('hunter2'),
    `Bitbucket answered the OAuth client with 400${check}`,
  ],
  [
    'has no body, not even an empty one',
    (_request, response) => response.writeHead(304).end(),
    `Bitbucket answered the OAuth client with 304${check}`,
  ],
  [
    'is a redirect',
    (_request, response) => void response.writeHead(302, { location: '/login' }).end(),
    `Bitbucket answered the OAuth client with 302${check}`,
  ],
  [
    'has no token',
    '{"token":"at_secret"}',
    `Bitbucket answered the OAuth client without an access_token${check}`,
  ],
  [
    'has an empty token',
    '{"access_token":""}',
    `Bitbucket answered the OAuth client without an access_token${check}`,
  ],
  [
    'has a token that is no text',
    '{"access_token":["at_secret"]}',
    `Bitbucket answered the OAuth client without an access_token${check}`,
  ],
  [
    'is no JSON',
    'at_secret',
    `Bitbucket answered the OAuth client with something that is not a JSON object${check}`,
  ],
  [
    'is a list',
    '["at_secret"]',
    `Bitbucket answered the OAuth client with something that is not a JSON object${check}`,
  ],
  ['breaks off', breakOffAfter('{"access_token":"at_secret"'), `other side closed${check}`],
  ['is lost', (_request, response) => void response.destroy(), `other side closed${check}`],
])('says what is wrong with an answer that %s, and nothing secret', async (_what, answer, problem) => {
  server.answers.set(tokenPath, answer);
  const { read, logger } = reader();
  const error = await read().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'GR_URL_READ' });
  expect((error as Error).message).toBe(`Reading ${server.url}${tokenPath} failed: ${problem}`);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/hunter2|at_secret|the-client/);
  expect(logger.entries).toEqual([]);
});

it('says for how long it waited for an answer', async () => {
  server.answers.set(tokenPath, () => {});
  await expect(reader(client, { timeout: '50ms' }).read()).rejects.toThrow(
    'Bitbucket sent the OAuth client no whole answer within 50 ms. Try again, or raise backend.reading.timeout.',
  );
});
