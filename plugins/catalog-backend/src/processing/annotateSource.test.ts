// Tests which pages of a git host an entity is told to be from.
import { ConfigReader } from '@backstage/config';
import { readGitHosts } from '../config/readGitHosts';
import { annotateSource } from './annotateSource';

const hosts = readGitHosts(
  new ConfigReader({
    integrations: {
      github: [{ host: 'GHE.example:8443' }],
      bitbucketCloud: [{ token: 't' }],
      bitbucketServer: [{ host: 'bb.example' }],
      gitea: [{ host: 'gitea.example' }],
      gitlab: [{ host: 'gl.example' }],
    },
  }),
);

function annotationsOf(target: string, given: Record<string, string> = {}, type = 'url') {
  const entity = { apiVersion: 'v1', kind: 'Component', metadata: { name: 'a', annotations: given } };
  return annotateSource(entity, { type, target }, hosts).metadata.annotations;
}

it.each([
  [
    'https://github.com/acme/shop/blob/main/catalog-info.yaml',
    'https://github.com/acme/shop/edit/main/catalog-info.yaml',
    'https://github.com/acme/shop/tree/main/',
  ],
  [
    'https://github.com/blob/blob/blob/main/a/blob/b%20c.yaml',
    'https://github.com/blob/blob/edit/main/a/blob/b%20c.yaml',
    'https://github.com/blob/blob/tree/main/a/blob/',
  ],
  [
    'https://ghe.example:8443/code/acme/shop/blob/main/x/a.yaml',
    'https://ghe.example:8443/code/acme/shop/edit/main/x/a.yaml',
    'https://ghe.example:8443/code/acme/shop/tree/main/x/',
  ],
  [
    'https://gitlab.com/acme/sub/shop/-/blob/main/x/a.yaml',
    'https://gitlab.com/acme/sub/shop/-/edit/main/x/a.yaml',
    'https://gitlab.com/acme/sub/shop/-/tree/main/x/',
  ],
  [
    'https://gl.example/acme/shop/blob/main/a.yaml',
    'https://gl.example/acme/shop/-/edit/main/a.yaml',
    'https://gl.example/acme/shop/-/tree/main/',
  ],
  [
    'https://bitbucket.org/acme/shop/src/feature%2Fx/x/a.yaml',
    'https://bitbucket.org/acme/shop/src/feature%2Fx/x/a.yaml?mode=edit&at=feature%2Fx',
    'https://bitbucket.org/acme/shop/src/feature%2Fx/x/',
  ],
  [
    'https://bb.example/projects/ACME/repos/shop/browse/x/a.yaml?at=main',
    'https://bb.example/projects/ACME/repos/shop/browse/x/a.yaml?at=main',
    'https://bb.example/projects/ACME/repos/shop/browse/x/?at=main',
  ],
  [
    'https://gitea.example/acme/shop/src/branch/main/x/a.yaml',
    'https://gitea.example/acme/shop/_edit/main/x/a.yaml',
    'https://gitea.example/acme/shop/src/branch/main/x/',
  ],
])('knows the pages of %s', (target, editUrl, source) => {
  expect(annotationsOf(target)).toEqual({
    'backstage.io/view-url': target,
    'backstage.io/edit-url': editUrl,
    'backstage.io/source-location': `url:${source}`,
  });
});

it.each([
  'https://example.com/acme/shop/blob/main/a.yaml',
  'https://raw.githubusercontent.com/acme/shop/main/a.yaml',
  'https://github.com/acme/shop',
  'https://github.com/acme/shop/blob/main/**/a.yaml',
  'github.com/acme/shop/blob/main/a.yaml',
])('says nothing of %s', target => {
  expect(annotationsOf(target)).toEqual({});
});

it('says nothing of files of this machine', () => {
  expect(annotationsOf('/acme/shop/blob/main/a.yaml', {}, 'file')).toEqual({});
});

it('leaves what an entity says itself', () => {
  const given = {
    'backstage.io/edit-url': 'https://example.com/edit',
    'backstage.io/source-location': 'url:https://example.com/',
  };
  const target = 'https://github.com/acme/shop/blob/main/a.yaml';
  expect(annotationsOf(target, given)).toEqual({ ...given, 'backstage.io/view-url': target });
});
