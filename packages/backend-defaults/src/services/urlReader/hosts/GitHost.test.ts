// Tests how URLs of each kind of git host are read, and which requests come of them.
import type { GitHostSettings } from '../config';
import { bitbucketCloudHost } from './bitbucketCloudHost';
import { bitbucketServerHost } from './bitbucketServerHost';
import type { GitHost } from './GitHost';
import { giteaHost } from './giteaHost';
import { githubHost } from './githubHost';
import { gitlabHost } from './gitlabHost';

const settings = (more: Partial<GitHostSettings> = {}): GitHostSettings => ({
  host: 'git.example',
  baseUrl: 'https://git.example',
  apiBaseUrl: 'https://git.example/api',
  apps: [],
  ...more,
});
const parse = (host: GitHost, path: string, more?: Partial<GitHostSettings>) =>
  host.parse(new URL(path, 'https://git.example'), settings(more));

describe.each<[string, GitHost, Array<[string, [string, string | undefined, string]]>, string[]]>([
  [
    'GitHub',
    githubHost,
    [
      ['/o/r', ['o/r', undefined, '']],
      ['/o/r.git', ['o/r', undefined, '']],
      ['/o/o.github.io.git', ['o/o.github.io', undefined, '']],
      ['/o/r/blob/main/a%20b/c.yaml', ['o/r', 'main', 'a b/c.yaml']],
      ['/o/r/tree/feature%2Fx/docs/', ['o/r', 'feature/x', 'docs']],
      ['/o/r/blob/main/docs/**/*.{md,yaml}', ['o/r', 'main', 'docs/**/*.{md,yaml}']],
    ],
    [
      ...['/', '/o', '/o/r/issues/1', '/o/r/blob', '/o/r/blob/main/..%2f..%2fx', '/o/r/blob/main/%ff'],
      ...['/o/.git', '/o/..git', '/o/...git/blob/main/x', '/o/%2e%2e.git/tree/main'],
    ],
  ],
  [
    'GitLab',
    gitlabHost,
    [
      ['/g/p', ['g/p', undefined, '']],
      ['/g/g.gitlab.io.git', ['g/g.gitlab.io', undefined, '']],
      ['/g/sub/p/-/blob/main/a/b.yaml', ['g/sub/p', 'main', 'a/b.yaml']],
      ['/g/p/blob/main/a.yaml', ['g/p', 'main', 'a.yaml']],
      ['/g/blob/-/tree/feature%2Fx/docs', ['g/blob', 'feature/x', 'docs']],
      ['/g/tree/blob/main/a.yaml', ['g/tree', 'main', 'a.yaml']],
      ['/g/p/-/raw/main/blob/x', ['g/p', 'main', 'blob/x']],
    ],
    ['/', '/g', '/g/p/-/issues/1', '/g/p/-/blob', '/g/p/-/blob/main/..%2fx'],
  ],
  [
    'Bitbucket Cloud',
    bitbucketCloudHost,
    [
      ['/w/r', ['w/r', undefined, '']],
      ['/w/r.gitx.git', ['w/r.gitx', undefined, '']],
      ['/w/r/src/master/a/b.yaml', ['w/r', 'master', 'a/b.yaml']],
    ],
    ['/', '/w', '/w/r/pull-requests/1', '/w/r/src', '/w/r/src/m/%2e%2e%2fx'],
  ],
  [
    'Bitbucket Server',
    bitbucketServerHost,
    [
      ['/projects/P/repos/r', ['P/r', undefined, '']],
      ['/projects/P/repos/r/browse/a/b.yaml?at=refs%2Fheads%2Fx', ['P/r', 'refs/heads/x', 'a/b.yaml']],
      ['/users/me/repos/r/raw/a.yaml', ['~me/r', undefined, 'a.yaml']],
    ],
    [
      ...['/', '/P/r', '/projects/P/repos', '/projects/P/repos/r/commits', '/projects/P/repos/r/raw/..%2fx'],
      ...['/groups/P/repos/r', '/projects/P/code/r'],
    ],
  ],
  [
    'Gitea',
    giteaHost,
    [
      ['/o/r', ['o/r', undefined, '']],
      ['/o/r.gitx.git', ['o/r.gitx', undefined, '']],
      ['/o/r/src/branch/main/a/b.yaml', ['o/r', 'main', 'a/b.yaml']],
      ['/o/r/raw/tag/v1/a.yaml', ['o/r', 'v1', 'a.yaml']],
      ['/o/r/src/commit/abc/', ['o/r', 'abc', '']],
    ],
    ['/', '/o', '/o/r/src/main/a', '/o/r/src/branch', '/o/r/src/branch/main/..%2fx'],
  ],
])('%s', (_name, host, readable, unreadable) => {
  it.each(readable)('reads %s', (path, [repository, ref, file]) => {
    expect(parse(host, path)).toEqual({ repository, ref, path: file });
  });

  it.each(unreadable)('does not read %s', path => {
    expect(parse(host, path)).toBeUndefined();
  });

  it('sends no credentials where none are, or half of them', () => {
    expect(host.authorize(settings())).toEqual({});
    expect(host.authorize(settings({ username: 'u' }))).toEqual({});
  });
});

it('knows hosts that lie below a path', () => {
  const below = { baseUrl: 'https://git.example/code' };
  for (const [host, path] of [
    [githubHost, '/code/o/r/blob/main/a'],
    [gitlabHost, '/code/o/r/-/blob/main/a'],
    [giteaHost, '/code/o/r/src/branch/main/a'],
  ] as const) {
    expect(parse(host, path, below)).toEqual({ repository: 'o/r', ref: 'main', path: 'a' });
  }
});

it.each<[string, GitHost, Partial<GitHostSettings>, string | undefined, string]>([
  ['GitHub, token', githubHost, { token: 't' }, undefined, 'Bearer t'],
  ['GitHub, token of the caller', githubHost, { token: 't' }, 'mine', 'Bearer mine'],
  ['GitLab, token', gitlabHost, { token: 't' }, undefined, 'Bearer t'],
  ['Bitbucket Cloud, token', bitbucketCloudHost, { token: 't' }, undefined, 'Bearer t'],
  [
    'Bitbucket Cloud, user and token',
    bitbucketCloudHost,
    { username: 'u', token: 't' },
    undefined,
    'Basic dTp0',
  ],
  [
    'Bitbucket Cloud, app password',
    bitbucketCloudHost,
    { username: 'u', password: 't' },
    undefined,
    'Basic dTp0',
  ],
  [
    'Bitbucket Cloud, token of the caller',
    bitbucketCloudHost,
    { username: 'u', token: 't' },
    'mine',
    'Bearer mine',
  ],
  ['Bitbucket Server, token', bitbucketServerHost, { token: 't' }, undefined, 'Bearer t'],
  [
    'Bitbucket Server, password',
    bitbucketServerHost,
    { username: 'u', password: 't' },
    undefined,
    'Basic dTp0',
  ],
  ['Gitea, password', giteaHost, { username: 'u', password: 't' }, undefined, 'Basic dTp0'],
  ['Gitea, password alone', giteaHost, { password: 't' }, undefined, 'token t'],
  ['Gitea, token of the caller', giteaHost, { username: 'u', password: 't' }, 'mine', 'token mine'],
])('authorizes: %s', (_what, host, more, token, expected) => {
  expect(host.authorize(settings(more), token)).toEqual({ authorization: expected });
});

it('lets GitHub send its readers to its own hosts for files and archives, and no others to any', () => {
  const hostsOf = (host: string) => githubHost.redirectHosts(settings({ host }));
  expect(hostsOf('github.com')).toEqual([
    'codeload.github.com',
    'raw.githubusercontent.com',
    'media.githubusercontent.com',
    'objects.githubusercontent.com',
  ]);
  expect(hostsOf('ghe.example')).toEqual(['codeload.ghe.example', 'raw.ghe.example', 'media.ghe.example']);
  for (const host of [gitlabHost, bitbucketServerHost, giteaHost]) {
    expect(host.redirectHosts(settings())).toEqual([]);
  }
});

it('escapes what goes into requests', () => {
  const target = { repository: 'o/r', ref: 'feature/ü?', path: 'a b/c#d.yaml' };
  const urls = [githubHost, gitlabHost, bitbucketCloudHost, bitbucketServerHost, giteaHost].map(
    host => host.file(target, settings(), true).url,
  );
  expect(urls.map(url => url.replace('https://git.example/api', ''))).toEqual([
    '/repos/o/r/contents/a%20b/c%23d.yaml?ref=feature%2F%C3%BC%3F',
    '/projects/o%2Fr/repository/files/a%20b%2Fc%23d.yaml/raw?ref=feature%2F%C3%BC%3F',
    '/repositories/o/r/src/feature%2F%C3%BC%3F/a%20b/c%23d.yaml',
    '/projects/o/repos/r/raw/a%20b/c%23d.yaml?at=feature%2F%C3%BC%3F',
    '/repos/o/r/raw/a%20b/c%23d.yaml?ref=feature%2F%C3%BC%3F',
  ]);
});
