// Which URLs of repositories are understood, by the hosts of the configuration.
import { ConfigReader } from '@backstage/config';
import { RepoUrlParser } from './RepoUrlParser';

const urls = new RepoUrlParser(
  new ConfigReader({
    integrations: {
      gitlab: [{ host: 'Gitlab.Example.com:8443' }, { token: 'for gitlab.com' }],
      bitbucketServer: [{ host: 'bitbucket.example.com' }],
      gerrit: [{ host: 'gerrit.example.com' }],
      gitea: [{ host: 'gitea.example.com' }],
      googleGcs: { clientEmail: 'reader@example.com', privateKey: 'secret' },
    },
  }),
);

it.each([
  ['github.com?owner=acme&repo=site', { host: 'github.com', owner: 'acme', repo: 'site' }],
  ['https://GitHub.com?owner=acme&repo=site', { host: 'github.com', owner: 'acme', repo: 'site' }],
  ['http://gitlab.com?owner=a%2Fb&repo=c', { host: 'gitlab.com', owner: 'a/b', repo: 'c' }],
  ['gitlab.example.com:8443?project=17', { host: 'gitlab.example.com:8443', project: '17', repo: '' }],
  ['gitlab.com?owner=a&repo=c&project=', { host: 'gitlab.com', owner: 'a', repo: 'c' }],
  [
    'dev.azure.com?organization=o&project=p&repo=r',
    { host: 'dev.azure.com', organization: 'o', project: 'p', repo: 'r' },
  ],
  [
    'bitbucket.org?workspace=w&project=p&repo=r',
    { host: 'bitbucket.org', workspace: 'w', project: 'p', repo: 'r' },
  ],
  ['bitbucket.example.com?project=p&repo=r', { host: 'bitbucket.example.com', project: 'p', repo: 'r' }],
  ['gerrit.example.com?repo=r', { host: 'gerrit.example.com', repo: 'r' }],
  ['gerrit.example.com?owner=a&repo=r', { host: 'gerrit.example.com', owner: 'a', repo: 'r' }],
])('understands %s', (url, location) => {
  expect(urls.parse(url)).toEqual(location);
});

it.each([
  [undefined, 'A repository URL is needed'],
  ['', 'A repository URL is needed'],
  ['a b?repo=c', "'a b?repo=c' is not a repository URL"],
  ['elsewhere.example.com?owner=a&repo=b', "The host 'elsewhere.example.com' of a repository is not known"],
  ['github.com', "lacks owner and repo, which github.com needs: 'github.com?owner=...&repo=...'"],
  ['github.com?owner=&repo=b', 'lacks owner'],
  ['github.com?project=a', 'lacks owner and repo'],
  ['gitlab.com?owner=a', 'lacks repo'],
  ['gitea.example.com?repo=b', 'lacks owner'],
  ['dev.azure.com?organization=o&repo=r', 'lacks project'],
  ['bitbucket.org?owner=a&repo=r', 'lacks workspace and project'],
  ['bitbucket.example.com?owner=a&repo=r', 'lacks project'],
  ['gerrit.example.com?owner=a', 'lacks repo'],
])('refuses %s', (url, problem) => {
  expect(() => urls.parse(url)).toThrow(problem);
});

it('knows public hosts without a configuration', () => {
  expect(new RepoUrlParser().parse('github.com?owner=a&repo=b')).toMatchObject({ host: 'github.com' });
  expect(() => new RepoUrlParser().parse('gitea.example.com?owner=a&repo=b')).toThrow('is not known');
});
