// Tests which credentials a remote gets, and what of its URL is passed on.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readGitRemote } from './GitRemote';
import { readGitSettings } from './readGitSettings';

const settingsOf = (integrations: JsonObject) =>
  readGitSettings(
    new ConfigReader({ integrations, scaffolder: { git: { protocols: ['file', 'https', 'ssh'] } } }),
  );

it.each<[string, string, JsonObject, string]>([
  ['github', 'github.com', { token: 't' }, 'x-access-token:t'],
  ['gitlab', 'gitlab.com', { token: 't' }, 'oauth2:t'],
  ['bitbucketCloud', 'bitbucket.org', { token: 't' }, 'x-token-auth:t'],
  ['bitbucketCloud', 'bitbucket.org', { username: 'u', token: 't' }, 'u:t'],
  ['bitbucketCloud', 'bitbucket.org', { username: 'u', appPassword: 'a', token: 't' }, 'u:a'],
  ['gitea', 'code.example.com', { host: 'code.example.com', token: 't' }, 'git:t'],
  ['gitea', 'code.example.com', { host: 'code.example.com', username: 'u', password: 'p' }, 'u:p'],
  [
    'gitea',
    'code.example.com',
    { host: 'code.example.com', username: 'u', password: 'p', token: 't' },
    'u:p',
  ],
])('gets what is configured for its host, in %s at %s with %j', (kind, host, entry, expected) => {
  const settings = settingsOf({ [kind]: [entry] });
  const { credentials } = readGitRemote(`https://${host}/acme/site`, settings);
  expect(credentials).toEqual({ username: expected.split(':')[0], password: expected.split(':')[1] });
  expect(readGitRemote('https://else.example.com/acme/site', settings).credentials).toBeUndefined();
});

it('gets what the step gives rather than what the URL has, and that rather than what is configured', () => {
  const settings = settingsOf({ github: [{ token: 'configured' }] });
  const given = { username: 'step', password: 'given' };
  const withBoth = 'https://url:own@github.com/acme/site';
  expect(readGitRemote(withBoth, settings, given).credentials).toEqual(given);
  expect(readGitRemote(withBoth, settings).credentials).toEqual({ username: 'url', password: 'own' });
  expect(readGitRemote('https://jo@github.com/acme/site', settings).credentials).toMatchObject({
    password: 'configured',
  });
});

it.each(['git@github.com:acme/site.git', 'ssh://git:own@github.com/acme/site.git', 'file:///srv/site.git'])(
  'gets none where they are not sent over HTTP: %s',
  remoteUrl => {
    const settings = settingsOf({ github: [{ token: 'configured' }] });
    const remote = readGitRemote(remoteUrl, settings, { username: 'step', password: 'given' });
    expect(remote.credentials).toBeUndefined();
    expect(remote.url).not.toContain('own');
  },
);

it('is passed on without query and fragment, in which tokens may be', () => {
  const { url } = readGitRemote('https://example.com/acme/site.git?private_token=t#t', settingsOf({}));
  expect(url).toBe('https://example.com/acme/site.git');
});

it.each(['https://github.com/acme/site/', 'https://github.com/acme/site'])(
  'shows a branch of %s under its name as it is in URLs, with its slashes',
  remoteUrl => {
    expect(readGitRemote(remoteUrl, settingsOf({})).contentsUrl('pages/50% #1')).toBe(
      'https://github.com/acme/site/blob/pages/50%25%20%231',
    );
  },
);
