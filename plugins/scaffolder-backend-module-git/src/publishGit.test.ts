// Tests of the action publish:git with real repositories: bare ones on the disk, and behind HTTP with a password.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { parse } from 'yaml';
import { createPublishGitAction } from './createPublishGitAction';
import { readGitRemote } from './GitRemote';
import { GitRepository } from './GitRepository';
import { readGitSettings } from './readGitSettings';
import { runPublishGit } from './testing/runPublishGit';
import { startGitHttpServer } from './testing/startGitHttpServer';

let folder: string;
let workspace: string;
let remote: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'publish-git-'));
  workspace = join(folder, 'workspace');
  remote = join(folder, 'remotes', 'site.git');
  mkdirSync(workspace);
  execFileSync('git', ['init', '--quiet', '--bare', remote]);
  writeFileSync(join(workspace, 'README.md'), '# A site\n');
  writeFileSync(join(workspace, 'run.sh'), 'echo', { mode: 0o755 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const everyProtocol = { scaffolder: { git: { protocols: ['file', 'http', 'https', 'ssh'] } } };

const publish = (
  input: JsonObject,
  { config, ...options }: { config?: JsonObject; isDryRun?: boolean; signal?: AbortSignal } = {},
) =>
  runPublishGit(input, {
    config: { ...everyProtocol, ...config },
    folder,
    workspacePath: workspace,
    ...options,
  });

const git = (...args: string[]) =>
  execFileSync('git', [`--git-dir=${remote}`, ...args], { encoding: 'utf8' }).trim();
const fileUrl = () => pathToFileURL(remote).toString();

it('commits the workspace and pushes it', async () => {
  writeFileSync(join(workspace, '.gitignore'), 'secret.txt\n');
  writeFileSync(join(workspace, 'secret.txt'), 'left out');
  symlinkSync('README.md', join(workspace, 'link'));
  const { outputs } = await publish({
    remoteUrl: fileUrl(),
    gitCommitMessage: 'A site\n\nwith "quotes" and $(touch x)',
  });
  expect(outputs).toEqual({ remoteUrl: fileUrl(), commitHash: git('rev-parse', 'main') });
  expect(git('ls-tree', '-r', '--format=%(objectmode) %(path)', 'main').split('\n')).toEqual([
    '100644 .gitignore',
    '100644 README.md',
    '120000 link',
    '100755 run.sh',
  ]);
  expect(git('log', '--format=%an <%ae>%n%B', 'main')).toBe(
    'Scaffolder <scaffolder@localhost>\nA site\n\nwith "quotes" and $(touch x)',
  );
});

it('takes folder, branch and author from the step, else author and message from the configuration', async () => {
  mkdirSync(join(workspace, 'docs'));
  writeFileSync(join(workspace, 'docs', 'index.md'), 'Hello');
  const config = {
    scaffolder: {
      ...everyProtocol.scaffolder,
      defaultAuthor: { name: 'Prompter', email: 'p@x' },
      defaultCommitMessage: 'Curtain',
    },
  };
  await publish(
    { remoteUrl: fileUrl(), sourcePath: 'docs', defaultBranch: 'pages/first', gitAuthorEmail: 'q@x' },
    { config },
  );
  expect(git('ls-tree', '-r', '--name-only', 'pages/first')).toBe('index.md');
  expect(git('log', '--format=%an <%ae> %s', 'pages/first')).toBe('Prompter <q@x> Curtain');
});

it('pushes once: another run with the same files takes what is there, with others it is a conflict', async () => {
  const first = await publish({ remoteUrl: fileUrl() });
  const again = await publish({ remoteUrl: fileUrl(), gitCommitMessage: 'Another message, so another hash' });
  expect(again.outputs.commitHash).toBe(first.outputs.commitHash);
  writeFileSync(join(workspace, 'more'), '');
  await expect(publish({ remoteUrl: fileUrl() })).rejects.toThrow(/'main' .* has commits already/);
  expect(git('rev-list', '--count', '--all')).toBe('1');
});

it('takes a branch that has more than its own commit for a conflict, although the files are the same', async () => {
  await publish({ remoteUrl: fileUrl() });
  const { outputs } = await publish({ remoteUrl: fileUrl(), defaultBranch: 'other' });
  const parent = ['-p', String(outputs.commitHash)];
  const author = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
  git('update-ref', 'refs/heads/main', git(...author, 'commit-tree', 'other^{tree}', ...parent, '-m', 'x'));
  await expect(publish({ remoteUrl: fileUrl() })).rejects.toThrow(/'main' .* has commits already/);
});

it('publishes a folder without files', async () => {
  mkdirSync(join(workspace, 'empty'));
  await publish({ remoteUrl: fileUrl(), sourcePath: 'empty' });
  expect([git('rev-list', '--count', 'main'), git('ls-tree', 'main')]).toEqual(['1', '']);
});

it('pushes nothing in a dry run, and gives its outputs', async () => {
  const { outputs, log } = await publish({ remoteUrl: fileUrl() }, { isDryRun: true });
  expect(outputs).toEqual({ remoteUrl: fileUrl(), commitHash: expect.stringMatching(/^[0-9a-f]{40}$/) });
  expect(log.at(-1)).toMatch(/^Would push/);
  expect(git('for-each-ref')).toBe('');
});

describe('over HTTP', () => {
  const credentials = { username: 'deploy', password: "p4ss'w$rd with spaces" };
  let server: Awaited<ReturnType<typeof startGitHttpServer>>;
  beforeEach(async () => {
    execFileSync('git', [`--git-dir=${remote}`, 'config', 'http.receivepack', 'true']);
    server = await startGitHttpServer(join(folder, 'remotes'), credentials);
  });
  afterEach(() => server.close());

  it.each([
    [
      'of the step',
      () => ({
        remoteUrl: `${server.url}/site.git`,
        username: credentials.username,
        token: credentials.password,
      }),
      {},
    ],
    [
      'in the URL',
      () => ({
        remoteUrl: `${server.url}/site.git`.replace(
          '//',
          `//${credentials.username}:${encodeURIComponent(credentials.password)}@`,
        ),
      }),
      {},
    ],
    ['of the configuration', () => ({ remoteUrl: `${server.url}/site.git` }), { gitea: true }],
  ])(
    'uses the credentials %s, and tells them nobody',
    async (_from, input, { gitea }: { gitea?: boolean }) => {
      const config = {
        integrations: gitea
          ? { gitea: [{ host: new URL(server.url).host, baseUrl: server.url, ...credentials }] }
          : {},
      };
      const { outputs, log } = await publish(input(), { config });
      expect(outputs).toEqual({
        remoteUrl: `${server.url}/site.git`,
        commitHash: git('rev-parse', 'main'),
        ...(gitea && { repoContentsUrl: `${server.url}/site/src/branch/main` }),
      });
      expect(JSON.stringify([outputs, log])).not.toMatch(/p4ss/);
    },
  );

  it("uses the user name 'git' with a token of the step that comes without one", async () => {
    const forGit = await startGitHttpServer(join(folder, 'remotes'), { username: 'git', password: 'p4ss' });
    await publish({ remoteUrl: `${forGit.url}/site.git`, token: 'p4ss' });
    await forGit.close();
    expect(git('rev-list', '--count', 'main')).toBe('1');
  });

  it('uses a token in the place of a user name where the configuration has nothing for the host', async () => {
    const token = 'p4ss-t0ken';
    const byToken = await startGitHttpServer(join(folder, 'remotes'), { username: token, password: '' });
    const published = await publish({ remoteUrl: `${byToken.url}/site.git`.replace('//', `//${token}@`) });
    await byToken.close();
    expect(published.outputs).toEqual({
      remoteUrl: `${byToken.url}/site.git`,
      commitHash: git('rev-parse', 'main'),
    });
    expect(JSON.stringify(published)).not.toContain('p4ss');

    const { host } = new URL(server.url);
    const config = { integrations: { gitea: [{ host, baseUrl: server.url, ...credentials }] } };
    const remoteUrl = `${server.url}/site.git`.replace('//', '//jo@');
    expect((await publish({ remoteUrl }, { config })).outputs.commitHash).toBe(git('rev-parse', 'main'));
  });

  it('fails with what the server says, without a prompt and without the password', async () => {
    const failure = publish({ remoteUrl: `${server.url}/site.git`, token: 'wr0ng-password' });
    await expect(failure).rejects.toMatchObject({
      code: 'GR_GIT',
      message: expect.stringMatching(/ls-remote.*failed.*Authentication failed/s),
    });
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('wr0ng') });
    await expect(publish({ remoteUrl: `${server.url}/site.git` })).rejects.toMatchObject({ code: 'GR_GIT' });
    const byToken = publish({ remoteUrl: `${server.url}/site.git`.replace('//', '//wr0ng-t0ken@') });
    await expect(byToken).rejects.toMatchObject({ code: 'GR_GIT' });
    await expect(byToken).rejects.not.toMatchObject({ message: expect.stringContaining('wr0ng') });
    // The name of a user is part of many words.
    for (const user of ['git', 'e']) {
      const byUser = publish({ remoteUrl: `${server.url}/site.git`.replace('//', `//${user}@`) });
      await expect(byUser).rejects.toMatchObject({
        message: expect.stringMatching(/git ls-remote.*failed.*site\.git/s),
      });
    }
  });

  it('shows no credentials of the configuration where the server says what it was sent', async () => {
    const telltale = createServer((request, response) => {
      const { authorization } = request.headers;
      const sent = `${authorization} ${Buffer.from(String(authorization).slice(6), 'base64').toString()}`;
      response.setHeader('content-type', 'text/plain');
      if (authorization) response.writeHead(403).end(`You have sent ${sent}`);
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="a test"' }).end();
    }).listen(0, '127.0.0.1');
    await once(telltale, 'listening');
    const host = `127.0.0.1:${(telltale.address() as AddressInfo).port}`;
    const config = { integrations: { gitea: [{ host, baseUrl: `http://${host}`, ...credentials }] } };
    const failure = await publish({ remoteUrl: `http://${host}/site.git` }, { config }).catch(error => error);
    expect(failure.message).toContain(`You have sent Basic *** ${credentials.username}:***`);
    const sent = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
    for (const secret of [credentials.password, sent]) expect(inspect(failure)).not.toContain(secret);
    const byToken = await publish({ remoteUrl: `http://p4ss-t0ken@${host}/site.git` }).catch(error => error);
    expect(byToken.message).toContain('You have sent Basic *** ***:');
    telltale.close();
  });

  it('gives the credentials of the configuration to no other port of their host', async () => {
    const gitea = [{ host: '127.0.0.1', baseUrl: 'http://127.0.0.1', ...credentials }];
    const config = { integrations: { gitea } };
    const remoteUrl = `${server.url}/site.git`;
    await expect(publish({ remoteUrl }, { config })).rejects.toMatchObject({ code: 'GR_GIT' });
    expect(server.asked.filter(request => !request.startsWith('!'))).toEqual([]);
  });

  it('sends the credentials of the configuration without encryption only to a host that is configured so', async () => {
    const gitea = [{ host: new URL(server.url).host, ...credentials }];
    const config = { integrations: { gitea } };
    const remoteUrl = `${server.url}/site.git`;
    for (const url of [remoteUrl, remoteUrl.replace('//', '//jo@')]) {
      await expect(publish({ remoteUrl: url }, { config })).rejects.toMatchObject({
        name: 'NotAllowedError',
        message: `The credentials of integrations.gitea for ${gitea[0]!.host} are not sent without encryption, which ${remoteUrl} would. Use https, or set baseUrl of the integration to an http URL.`,
      });
    }
    expect(server.asked).toEqual([]);

    const { username, password: token } = credentials;
    await publish({ remoteUrl, username, token }, { config });
    expect(git('rev-list', '--count', 'main')).toBe('1');
    const plainApi = { integrations: { gitea: [{ ...gitea[0]!, apiBaseUrl: `${server.url}/api/v1` }] } };
    await publish({ remoteUrl, defaultBranch: 'other' }, { config: plainApi });
    expect(git('rev-list', '--count', 'other')).toBe('1');
  });

  it("uses no credentials that are the machine's own", async () => {
    const own = await startGitHttpServer(join(folder, 'remotes'), {
      username: 'deploy',
      password: 'machines',
    });
    writeFileSync(join(folder, '.netrc'), 'machine 127.0.0.1 login deploy password machines\n');
    const { HOME } = process.env;
    process.env.HOME = folder;
    const failure = publish({ remoteUrl: `${own.url}/site.git` }).finally(() => {
      delete process.env.HOME;
      Object.assign(process.env, HOME === undefined ? {} : { HOME });
    });
    await expect(failure).rejects.toMatchObject({ code: 'GR_GIT' });
    expect(new Set(own.asked)).toEqual(new Set(['!GET /site.git/info/refs']));
    await own.close();
  });

  it('gives credentials to no other host', async () => {
    const seen: Array<string | undefined> = [];
    const elsewhere = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { location: `${server.url}${request.url}` }).end();
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/site.git`;
    await expect(
      publish({ remoteUrl: url, token: credentials.password, username: 'deploy' }),
    ).rejects.toMatchObject({ code: 'GR_GIT' });
    expect([seen.length > 0, server.asked]).toEqual([true, []]);
    elsewhere.close();
  });
});

describe('what git says', () => {
  const repository = () =>
    GitRepository.create({
      folder: mkdtempSync(join(folder, 'temporary-')),
      workTree: workspace,
      branch: 'main',
      author: { name: 'a', email: 'a@b' },
      protocol: 'file',
    });

  it('names no folder of the machine', async () => {
    const listed = (await repository()).run(['ls-files', '--error-unmatch', join(workspace, 'none')]);
    await expect(listed).rejects.toThrow("'git ls-files' failed: error: pathspec '***/none' did not match");
  });

  it('is kept only up to a limit', async () => {
    const output = await (await repository()).run(['stripspace'], 'much '.repeat(200_000));
    expect(output).toMatch(/^much much /);
    expect(output.length).toBeLessThan(200_000);
  });
});

it('ends git when the task is cancelled', async () => {
  const silent = createServer(() => controller.abort(new Error('cancelled'))).listen(0, '127.0.0.1');
  const controller = new AbortController();
  await once(silent, 'listening');
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/site.git`;
  await expect(publish({ remoteUrl: url }, { signal: controller.signal })).rejects.toThrow('cancelled');
  silent.closeAllConnections();
  silent.close();
});

it.each([
  ['ssh', 'ssh://git@', /'git ls-remote' failed: .*timed out/],
  ['http', 'http://', /'git ls-remote' failed: .*Operation too slow/],
])(
  'gives a server up that accepts a connection by %s, and then says nothing',
  async (protocol, at, reason) => {
    const silent = createTcpServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const repository = await GitRepository.create({
      folder: mkdtempSync(join(folder, 'temporary-')),
      workTree: workspace,
      branch: 'main',
      author: { name: 'a', email: 'a@b' },
      protocol,
      longestSilenceSeconds: 1,
    });
    const url = `${at}127.0.0.1:${(silent.address() as AddressInfo).port}/site.git`;
    await expect(repository.run(['ls-remote', '--', url])).rejects.toThrow(reason);
    silent.close();
  },
  20_000,
);

describe('keeps templates from making git do more', () => {
  it.each([
    ['--upload-pack=touch evil'],
    ['ext::sh -c "touch evil"'],
    ['-oProxyCommand=touch evil'],
    ['ssh://-oProxyCommand=touch%20evil/x'],
    ['git@-oProxyCommand=x:path'],
    ['ssh://-oProxyCommand=touch%20evil@example.com/x'],
    ['fd::17'],
    ['/etc'],
    ['../remotes/site.git'],
    ['file://'],
    ['file://srv/site.git'],
    ['file:///srv/site.git%00'],
    [''],
  ])('refuses the remote %s', async remoteUrl => {
    await expect(publish({ remoteUrl })).rejects.toMatchObject({ name: 'InputError' });
    expect(existsSync(join(workspace, 'evil'))).toBe(false);
  });

  it('refuses protocols that are not allowed, files first of all', async () => {
    const config = { scaffolder: {} };
    await expect(publish({ remoteUrl: fileUrl() }, { config })).rejects.toMatchObject({
      name: 'NotAllowedError',
    });
    await expect(publish({ remoteUrl: 'http://example.com/x' }, { config })).rejects.toThrow(
      /scaffolder\.git\.protocols/,
    );
  });

  it.each([['--force'], ['-d'], ['a b'], ['../x'], ['a..b'], ['x:y'], ['@{-1}'], ['a\nb']])(
    'takes the branch %j for a name at most',
    async defaultBranch => {
      const result = await publish({ remoteUrl: fileUrl(), defaultBranch }).then(
        () => 'published',
        error => error.code,
      );
      // A name that begins with a dash is allowed by git, and stands behind refs/heads/ wherever it is an argument.
      expect([result, git('for-each-ref', '--format=%(refname)')]).toEqual(
        defaultBranch.startsWith('-') ? ['published', `refs/heads/${defaultBranch}`] : ['GR_GIT', ''],
      );
    },
  );

  it('looks at no repository in the workspace, whose settings could run programs', async () => {
    mkdirSync(join(workspace, '.git', 'hooks'), { recursive: true });
    writeFileSync(join(workspace, '.git', 'config'), '[core]\n\tfsmonitor = touch evil\n');
    await expect(publish({ remoteUrl: fileUrl() })).rejects.toThrow(
      /have a Git repository in them, at '\.git'/,
    );
    rmSync(join(workspace, '.git'), { recursive: true });
    writeFileSync(join(workspace, '.gitattributes'), '* filter=evil diff=evil\n');
    await publish({ remoteUrl: fileUrl() });
    expect(readdirSync(workspace)).not.toContain('evil');
  });

  it.each([join('docs', '.git'), join('docs', 'deep', '.GIT')])('refuses a repository at %s', async path => {
    mkdirSync(join(workspace, path), { recursive: true });
    await expect(publish({ remoteUrl: fileUrl() })).rejects.toThrow(`in them, at '${path}'`);
    expect(git('for-each-ref')).toBe('');
  });

  it.each([
    ['its files', { HOME: 'home' }],
    [
      'its environment',
      { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.excludesFile', GIT_CONFIG_VALUE_0: 'excludes' },
    ],
  ])('reads no configuration of the machine, in %s', async (_, variables) => {
    mkdirSync(join(folder, 'home'));
    writeFileSync(join(folder, 'excludes'), '*.md');
    writeFileSync(join(folder, 'home', '.gitconfig'), `[core]\n\texcludesFile = ${folder}/excludes\n`);
    const before = { ...process.env };
    for (const [name, value] of Object.entries(variables)) {
      process.env[name] = existsSync(join(folder, value)) ? join(folder, value) : value;
    }
    await publish({ remoteUrl: fileUrl() }).finally(() => {
      for (const name of Object.keys(variables)) delete process.env[name];
      Object.assign(process.env, before);
    });
    expect(git('ls-tree', '--name-only', 'main').split('\n')).toEqual(['README.md', 'run.sh']);
  });

  it.each([
    ['a workspace', 'workspace'],
    ['the workspace of another task', 'greenroom-scaffolder/other/0-0'],
  ])('pushes to no repository in %s, whose hooks and settings could run programs', async (_, place) => {
    remote = join(folder, place, 'own.git');
    execFileSync('git', ['init', '--quiet', '--bare', remote]);
    writeFileSync(join(remote, 'hooks', 'pre-receive'), `#!/bin/sh\ntouch ${folder}/evil\n`, { mode: 0o755 });
    symlinkSync(remote, join(folder, 'link.git'));
    const own = join(folder, 'greenroom-scaffolder', 'task', '0-0');
    if (place !== 'workspace') workspace = own;
    mkdirSync(join(workspace, 'site'), { recursive: true });
    for (const path of [remote, join(folder, 'link.git'), remote.slice(0, -4)]) {
      const remoteUrl = pathToFileURL(path).toString().replace('own', '%6fwn');
      await expect(publish({ remoteUrl, sourcePath: 'site' })).rejects.toMatchObject({
        name: 'NotAllowedError',
        message: expect.stringContaining('is in the workspace of a task'),
      });
    }
    expect(existsSync(join(folder, 'evil'))).toBe(false);
  });

  it.each([
    ['what is the working directory for git alone', () => '/proc/self/cwd/own.git'],
    ['a link, and back from where it leads', () => `${workspace}/link/..%2f..%2f..%2fown.git`],
    ['a link to what is another folder for git', () => `${workspace}/self/own.git`],
  ])('pushes to no repository in the workspace by %s', async (_, path) => {
    remote = join(workspace, 'own.git');
    execFileSync('git', ['init', '--quiet', '--bare', remote]);
    writeFileSync(join(remote, 'hooks', 'pre-receive'), `#!/bin/sh\ntouch ${folder}/evil\n`, { mode: 0o755 });
    mkdirSync(join(workspace, 'a', 'b', 'c'), { recursive: true });
    symlinkSync('a/b/c', join(workspace, 'link'));
    symlinkSync('/proc/self/cwd/../workspace', join(workspace, 'self'));
    await expect(publish({ remoteUrl: `file://${path()}` })).rejects.toThrow();
    expect(existsSync(join(folder, 'evil'))).toBe(false);
  });

  it('leaves no folder outside of the workspace', async () => {
    await expect(publish({ remoteUrl: fileUrl(), sourcePath: '../remotes' })).rejects.toMatchObject({
      name: 'NotAllowedError',
    });
    symlinkSync(join(folder, 'remotes'), join(workspace, 'elsewhere'));
    await expect(publish({ remoteUrl: fileUrl(), sourcePath: 'elsewhere' })).rejects.toMatchObject({
      name: 'NotAllowedError',
    });
  });
});

it.each([
  ['https://github.com/acme/site.git', 'https://github.com/acme/site/blob/main'],
  ['https://github.com/acme/site.git/', 'https://github.com/acme/site/blob/main'],
  ['git@github.com:acme/site.git', 'https://github.com/acme/site/blob/main'],
  ['https://user:token@gitlab.com/acme/a/site.git', 'https://gitlab.com/acme/a/site/-/blob/main'],
  ['ssh://git@bitbucket.org/acme/site', 'https://bitbucket.org/acme/site/src/main'],
  ['https://code.example.com/acme/site.git', 'https://code.example.com/acme/site/src/branch/main'],
  ['ssh://git@code.example.com:2222/acme/site', 'https://code.example.com/acme/site/src/branch/main'],
  ['https://code.example.com:8443/acme/site.git', undefined],
  ['https://unknown.example.com/acme/site.git', undefined],
])('knows where the files of %s are seen', (remoteUrl, contentsUrl) => {
  const settings = readGitSettings(
    new ConfigReader({ integrations: { gitea: [{ host: 'Code.example.com' }], googleGcs: {} } }),
  );
  const read = readGitRemote(remoteUrl, settings);
  expect([read.contentsUrl('main'), read.url]).toEqual([contentsUrl, expect.not.stringContaining('token')]);
});

it.each([
  ['its API at another address of the network', { apiBaseUrl: 'http://internal:3000/api/v1' }],
  [
    'its pages over HTTPS',
    { baseUrl: 'https://code.example.com', apiBaseUrl: 'http://code.example.com/api' },
  ],
])('takes a host for one without encryption for neither %s', (_, urls) => {
  const gitea = [{ host: 'code.example.com', token: 't0ken', ...urls }];
  const settings = readGitSettings(new ConfigReader({ ...everyProtocol, integrations: { gitea } }));
  expect(readGitRemote('git@code.example.com:acme/site', settings).contentsUrl('main')).toBe(
    'https://code.example.com/acme/site/src/branch/main',
  );
  expect(() => readGitRemote('http://code.example.com/acme/site', settings)).toThrow('without encryption');
});

it('shows files over HTTPS where they were pushed so', () => {
  const gitea = [{ host: 'code.example.com', baseUrl: 'http://code.example.com' }];
  const settings = readGitSettings(new ConfigReader({ integrations: { gitea } }));
  expect(readGitRemote('https://code.example.com/acme/site', settings).contentsUrl('main')).toBe(
    'https://code.example.com/acme/site/src/branch/main',
  );
});

it.each(['Code.example.com:443', 'c\u00f6de.example.com'])(
  'knows the host %s as it is in URLs, which is how the URL reader knows it',
  host => {
    const gitea = [{ host, token: 't0ken' }];
    const settings = readGitSettings(new ConfigReader({ integrations: { gitea } }));
    const { credentials } = readGitRemote(`https://${host}/acme/site`, settings);
    expect(credentials).toMatchObject({ password: 't0ken' });
  },
);

it.each(['svn://user:pa@ss@example.com/x', 'https://user:pa@ss@example.com'])(
  'says no password of the remote %s',
  remoteUrl => {
    const read = () => readGitRemote(remoteUrl, readGitSettings(new ConfigReader({})));
    expect(read).toThrow('//***@example.com');
  },
);

it('takes a folder such as c: for a drive on Windows only', () => {
  const { path, url } = readGitRemote(
    'file:///c:/site.git',
    readGitSettings(new ConfigReader(everyProtocol)),
  );
  expect(path).toBe(resolve(process.platform === 'win32' ? 'c:/site.git' : '/c:/site.git'));
  expect(url).toBe(pathToFileURL(path!).href);
});

it('takes percent signs of a password for themselves where they are not escaped', () => {
  const settings = readGitSettings(new ConfigReader({}));
  const { credentials } = readGitRemote('https://u%zz:50%%40%ff@example.com/x', settings);
  expect(credentials).toMatchObject({ username: 'u%zz', password: expect.stringMatching(/^50%@/) });
});

it('refuses a protocol that there is not, in the configuration', () => {
  const config = new ConfigReader({ scaffolder: { git: { protocols: ['ext'] } } });
  expect(() => readGitSettings(config)).toThrow(/scaffolder\.git\.protocols has 'ext'/);
});

it('has examples that are steps with its own input', () => {
  const { examples, schema, id } = createPublishGitAction(readGitSettings(new ConfigReader({})));
  for (const { example } of examples!) {
    const { steps } = parse(example) as { steps: Array<{ action: string; input: object }> };
    expect(steps[0]!.action).toBe(id);
    expect(Object.keys(schema!.input!.properties)).toEqual(
      expect.arrayContaining(Object.keys(steps[0]!.input)),
    );
  }
});
