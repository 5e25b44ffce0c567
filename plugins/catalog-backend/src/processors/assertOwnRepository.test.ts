// Tests which files the placeholders of an entity may read.
import { ConfigReader } from '@backstage/config';
import { readGitHosts } from '../config/readGitHosts';
import { assertOwnRepository } from './assertOwnRepository';

const hosts = readGitHosts(
  new ConfigReader({
    integrations: {
      github: [{ host: 'ghe.example' }],
      bitbucketServer: [{ host: 'bb.example' }],
      gitea: [{ host: 'gitea.example' }],
    },
  }),
);

const allowed = (target: string, base: string) => {
  try {
    assertOwnRepository(target, base, hosts);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ name: 'NotAllowedError' });
    return false;
  }
};

const own = [
  ['https://github.com/acme/shop/', 'blob/main/a.yaml', 'raw/v1/docs/b.md'],
  ['https://github.com/blob/blob/', 'blob/main/a.yaml', 'tree/main/b'],
  ['https://ghe.example/code/acme/shop/', 'blob/main/a.yaml', 'blob/main/b'],
  ['https://gitlab.com/acme/sub/shop/', '-/blob/main/a.yaml', '-/raw/main/blob/x'],
  ['https://gitlab.com/acme/blob/', '-/blob/main/a.yaml', 'blob/main/-b'],
  ['https://gitlab.com/acme/shop/', 'blob/main/a.yaml', '-/blob/main/b'],
  ['https://bitbucket.org/acme/shop/', 'src/main/a.yaml', 'raw/main/b'],
  ['https://bb.example/projects/ACME/repos/shop/', 'browse/a.yaml', 'raw/b?at=main'],
  ['https://gitea.example/acme/shop/', 'src/branch/main/a.yaml', 'raw/branch/main/b'],
] as const;

it.each(own)('in %s they may read other files, and in no other repository', (repository, base) => {
  const readable = own.filter(([other, , target]) => allowed(other + target, repository + base));
  expect(readable.map(([other]) => other)).toEqual([repository]);
});

it('what is in no repository is refused on a git host, and left to the URL reader elsewhere', () => {
  const base = 'https://github.com/acme/shop/blob/main/a.yaml';
  const { href: climbed } = new URL('../../../other/blob/main/b', base);
  const refused = [
    climbed,
    'https://github.com/acme/shop',
    'https://github.com/acme',
    'https://github.com/acme/shop/issues/1',
    'https://github.com/acme%2Fshop/x/blob/main/b',
    'https://github.com/acme/Shop/blob/main/b',
  ];
  const bases = [base, 'https://github.com/acme', 'https://docs.example/a.yaml'];
  expect(bases.flatMap(from => refused.filter(target => allowed(target, from)))).toEqual([]);
  expect(allowed('https://docs.example/api.json', base)).toBe(true);
  expect(allowed('https://github.com/acme/shop/blob/main/b', 'https://docs.example/a.yaml')).toBe(false);
  // A subgroup whose name could be taken for a view.
  const group = 'https://gitlab.com/acme/shop/-/blob/main/a.yaml';
  expect(allowed('https://gitlab.com/acme/shop/blob/other/-/blob/main/b', group)).toBe(false);
  // The URL reader service decodes the dash, so these are the repositories `acme/shop/blob` and `acme/shop/tree`.
  const project = 'https://gitlab.com/acme/shop/blob/%2d/blob/main/a.yaml';
  expect(allowed('https://gitlab.com/acme/shop/tree/%2D/blob/main/b', project)).toBe(false);
  expect(allowed('https://gitlab.com/acme/shop/blob/-/blob/main/b', project)).toBe(true);
});

it('says which file, which repository, and what to do', () => {
  expect(() =>
    assertOwnRepository(
      'https://github.com/acme/secret/blob/main/b',
      'https://github.com/acme/shop/blob/main/a.yaml',
      hosts,
    ),
  ).toThrow(
    "'https://github.com/acme/secret/blob/main/b' is not in the repository of 'https://github.com/acme/shop/blob/main/a.yaml', the only one that its placeholders may read. Put the file there.",
  );
});

it.each(['Ghe.example:443', 'ghe.example', 'gh\u0435.example', 'xn--gh-jlc.example'])(
  'knows the host %s as it is in URLs, which is how the URL reader knows it',
  host => {
    const { origin } = new URL(`https://${host}`);
    const configured = readGitHosts(new ConfigReader({ integrations: { github: [{ host }] } }));
    const read = (target: string) =>
      assertOwnRepository(`${origin}/${target}`, `${origin}/acme/shop/blob/main/a.yaml`, configured);
    expect(() => read('acme/secret/blob/main/b')).toThrow('is not in the repository');
    expect(() => read('acme/shop/blob/main/b')).not.toThrow();
  },
);
