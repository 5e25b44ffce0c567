// Tests that publish:git pushes with a token of an OAuth client, against a server that gives tokens out and one for git.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import type { JsonObject } from '@backstage/types';
import { runPublishGit } from './testing/runPublishGit';
import { startGitHttpServer } from './testing/startGitHttpServer';

const client = { clientId: 'the-client', clientSecret: 'hunter2' };
let folder: string;
let gitServer: Awaited<ReturnType<typeof startGitHttpServer>>;
let tokenServer: Server;
let tokenUrl: string;
let answer: RequestListener;
let asked: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'oauth-client-'));
  mkdirSync(join(folder, 'workspace'));
  writeFileSync(join(folder, 'workspace', 'README.md'), '# A site\n');
  execFileSync('git', ['init', '--quiet', '--bare', join(folder, 'remotes', 'site.git')]);
  git('config', 'http.receivepack', 'true');
  gitServer = await startGitHttpServer(join(folder, 'remotes'), {
    username: 'x-token-auth',
    password: 'at_secret',
  });
  asked = [];
  answer = (_request, response) =>
    response.end(JSON.stringify({ access_token: 'at_secret', expires_in: 7200 }));
  tokenServer = createServer(async (request, response) => {
    asked.push(await asText(request));
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(tokenServer, 'listening');
  tokenUrl = `http://127.0.0.1:${(tokenServer.address() as AddressInfo).port}`;
});
afterEach(async () => {
  tokenServer.closeAllConnections();
  tokenServer.close();
  await gitServer.close();
  rmSync(folder, { recursive: true, force: true });
});

const git = (...args: string[]) =>
  execFileSync('git', [`--git-dir=${join(folder, 'remotes', 'site.git')}`, ...args], {
    encoding: 'utf8',
  }).trim();
const asText = async (request: IncomingMessage) =>
  [request.method, request.url, request.headers.authorization, await text(request)].join(' ');

function publish(
  entry: JsonObject = client,
  { input, ...options }: { input?: JsonObject; isDryRun?: boolean; signal?: AbortSignal } = {},
) {
  const { host } = new URL(gitServer.url);
  const config = {
    scaffolder: { git: { protocols: ['http'] } },
    integrations: { bitbucketCloud: [{ host, baseUrl: `${tokenUrl}/`, ...entry }] },
  };
  const workspacePath = join(folder, 'workspace');
  return runPublishGit(
    { remoteUrl: `${gitServer.url}/site.git`, ...input },
    { config, folder, workspacePath, ...options },
  );
}

it.each<[string, JsonObject]>([
  ['', {}],
  [' instead of the token beside it', { username: 'u', token: 't' }],
])('pushes with a token of the client%s, and tells it nobody', async (_what, beside) => {
  const published = await publish({ ...client, ...beside });
  expect(published.outputs.commitHash).toBe(git('rev-parse', 'main'));
  expect(JSON.stringify(published)).not.toMatch(/at_secret|hunter2/);
  const basic = Buffer.from('the-client:hunter2').toString('base64');
  expect(asked).toEqual([`POST /site/oauth2/access_token Basic ${basic} grant_type=client_credentials`]);
});

it('asks for no token in a dry run, nor where the step has one', async () => {
  await publish(client, { isDryRun: true });
  await publish(client, { input: { username: 'x-token-auth', token: 'at_secret' } });
  expect(asked).toEqual([]);
  expect(git('rev-list', '--count', 'main')).toBe('1');
});

it.each<[string, RequestListener, string]>([
  ['refuses', (_request, response) => response.writeHead(400).end('hunter2'), 'it answered with 400'],
  [
    'sends it elsewhere',
    (_request, response) => response.writeHead(302, { location: '/login' }).end(),
    'it answered with 302',
  ],
  [
    'has no token',
    (_request, response) => response.end('{"token":"at_secret"}'),
    'its answer has no access_token',
  ],
  [
    'has an empty token',
    (_request, response) => response.end('{"access_token":""}'),
    'its answer has no access_token',
  ],
  ['has no JSON', (_request, response) => response.end('at_secret'), 'its answer has no access_token'],
  ['has nothing', (_request, response) => response.end('null'), 'its answer has no access_token'],
  ['hangs up', (_request, response) => void response.destroy(), 'other side closed'],
])('says what is wrong where Bitbucket %s, and nothing secret', async (_what, wrong, problem) => {
  answer = wrong;
  const error = await publish().catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    name: 'ServiceUnavailableError',
    message: `${tokenUrl}/site/oauth2/access_token gave the OAuth client no token for the push: ${problem}. Check clientId and clientSecret of integrations.bitbucketCloud, and in Bitbucket that the OAuth consumer is a private one with a callback URL.`,
  });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/hunter2|at_secret/);
  expect(gitServer.asked).toEqual([]);
});

it.each([
  ['', undefined],
  [', to a task that could be cancelled', new AbortController().signal],
])('says that Bitbucket was silent for a minute%s', async (_, signal) => {
  answer = () => {};
  const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(AbortSignal.timeout(50));
  await expect(publish(client, { signal })).rejects.toThrow(
    'no token for the push: it was silent for 60000 ms. Check',
  );
  expect(timeout).toHaveBeenCalledWith(60_000);
  timeout.mockRestore();
});

it('says by its code why no address of Bitbucket could be reached', async () => {
  const cause = Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' });
  const fetching = jest.spyOn(globalThis, 'fetch').mockRejectedValueOnce(new TypeError('failed', { cause }));
  await expect(publish()).rejects.toThrow('gave the OAuth client no token for the push: ECONNREFUSED. Check');
  fetching.mockRestore();
});

it('ends when the task is cancelled', async () => {
  const controller = new AbortController();
  answer = () => controller.abort(new Error('cancelled'));
  await expect(publish(client, { signal: controller.signal })).rejects.toThrow('cancelled');
});

it.each([
  [{ clientId: 'c' }, 'clientSecret', 'clientId'],
  [{ clientSecret: 's', clientId: ' ' }, 'clientId', 'clientSecret'],
])('refuses half of a client: %j', async (entry, missing, given) => {
  await expect(publish(entry)).rejects.toThrow(
    `The configuration value integrations.bitbucketCloud[0].${missing} is missing, and ${given} is of no use without it. Set both, or remove ${given}.`,
  );
});

it('is sent without encryption only to a remote that is configured so, as other credentials are', async () => {
  await expect(publish({ ...client, baseUrl: 'https://bitbucket.org' })).rejects.toMatchObject({
    name: 'NotAllowedError',
    message: expect.stringContaining('The credentials of integrations.bitbucketCloud'),
  });
  expect(asked).toEqual([]);
});
